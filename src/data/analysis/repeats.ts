/** Rows that say the same: within the training data, and between training and validation. */
import type { Dataset } from '../dataset.ts';
import type { Steps } from '../../steps.ts';
import { TextIndex } from './text-index.ts';

/** Pairs of lines that are named; the rest is counted. */
const EXAMPLES = 5;

export interface Repeats {
  /** Rows whose text stood there before. */
  rows: number;
  /** Those of them with another label or target than the first such row. */
  conflicting: number;
  /** Lines of the first such row and of its repetition, conflicting ones first. */
  examples: { first: number; again: number; conflicting: boolean }[];
}

/** Texts compared without the space around them; both texts where there are two. */
function keyOf(data: Dataset, row: number): string {
  const first = data.texts[row].trim();
  return data.pairs === null ? first : `${first}\u0000${data.pairs[row].trim()}`;
}

function answerOf({ targets, labels }: Dataset, row: number): string | number {
  return targets?.[row].trim() ?? labels[row];
}

/** Repetitions within a dataset; a step for each row. */
export function* findRepeats(data: Dataset): Steps<Repeats> {
  const seen = new TextIndex(data.rows);
  const found: Repeats = { rows: 0, conflicting: 0, examples: [] };
  const plain: Repeats['examples'] = [];
  for (let row = 0; row < data.rows; row++) {
    yield;
    const first = seen.add(keyOf(data, row), row);
    if (first === row) continue;
    const conflicting = answerOf(data, first) !== answerOf(data, row);
    const example = { first: data.lines[first], again: data.lines[row], conflicting };
    found.rows++;
    if (conflicting) found.conflicting++;
    const list = conflicting ? found.examples : plain;
    if (list.length < EXAMPLES) list.push(example);
  }
  found.examples = [...found.examples, ...plain].slice(0, EXAMPLES);
  return found;
}

export interface Overlap {
  /** Validation rows whose text stands in the training data. */
  rows: number;
  /** Lines of the training row and of the validation row. */
  examples: { train: number; validation: number }[];
}

/** Validation rows that training has seen: they measure memory, not learning. A step for each row of both. */
export function* findOverlap(train: Dataset, validation: Dataset): Steps<Overlap> {
  const seen = new TextIndex(train.rows);
  for (let row = 0; row < train.rows; row++) {
    yield;
    seen.add(keyOf(train, row), row);
  }
  const found: Overlap = { rows: 0, examples: [] };
  for (let row = 0; row < validation.rows; row++) {
    yield;
    const first = seen.find(keyOf(validation, row));
    if (first < 0) continue;
    found.rows++;
    if (found.examples.length < EXAMPLES)
      found.examples.push({ train: train.lines[first], validation: validation.lines[row] });
  }
  return found;
}
