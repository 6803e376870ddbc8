/** A data set as token ids: flat arrays, so that a large one costs four bytes a token. */
import { field, say, type Sentence } from '../../sentence.ts';
import { atOnce, type Steps } from '../../steps.ts';
import type { Dataset } from '../dataset.ts';
import { dataError } from '../table/error.ts';
import { parseTemplate, type TemplatePart } from '../template.ts';
import { encodeTemplated, maskToken } from '../templated.ts';
import type { Encoded, Tokenizer } from '../tokenizer/tokenizer.ts';
import { withoutEmptyRows, type EmptyRow } from './empty-rows.ts';
import { FlatRows } from './flat-rows.ts';

export interface EncodedDataset {
  dataset: Dataset;
  rows: number;
  /** Tokens of all rows, one after another; row r is `offsets[r]` to `offsets[r + 1]`. */
  ids: Int32Array;
  /** Segment of every token, 0 or 1. */
  typeIds: Uint8Array;
  /** [rows + 1] */
  offsets: Int32Array;
  labels: Int32Array | Float32Array;
  /** What is to be written; null where the answer is a class or a number, and for prediction. */
  targets: EncodedTargets | null;
  /** Tokens a row may have, special tokens counted. */
  maxLength: number;
  /** Rows cut to `maxLength`, and rows with a token the vocabulary does not know. */
  truncated: number;
  unknown: number;
  /** Rows without tokens, which are not here, and the line of the first; null where there were none. */
  leftOut: { rows: number; line: number } | null;
  /** Tokens of the longest row. */
  longest: number;
  padId: number;
}

/** Targets as token ids, each ending in the end-of-sequence token. */
export interface EncodedTargets {
  ids: Int32Array;
  /** [rows + 1] */
  offsets: Int32Array;
  /** What the decoder reads first. */
  startId: number;
  maxLength: number;
  truncated: number;
  longest: number;
}

export interface EncodeOptions {
  /** `data.template` of the run spec. */
  template?: string;
  /** What becomes of rows that have no tokens; refused if left out. */
  emptyRows?: 'leaveOut';
  /** Of text to text: tokens of a target, what the decoder reads first, and words that any row may be held to. */
  targets?: { maxLength: number; startId: number; words?: readonly string[] };
}

/**
 * Tokenizes every row, a step each: a large set takes minutes, and so do a few hundred long texts.
 * @param maxLength counts special tokens, not virtual ones
 * @throws StudioError with the row's line where a token does not fit the model's vocabulary
 */
export function* encodeSteps(
  dataset: Dataset,
  tokenizer: Tokenizer,
  maxLength: number,
  options: EncodeOptions = {},
): Steps<EncodedDataset> {
  const tokens = new FlatRows(dataset.rows, 32);
  const template = options.template === undefined ? null : parseTemplate(options.template);
  const written =
    dataset.targets && options.targets ? new TargetRows(dataset.rows, tokenizer, options.targets) : null;
  const empty: EmptyRow[] = [];
  let truncated = 0;
  let unknown = 0;
  for (let row = 0; row < dataset.rows; row++) {
    yield;
    const encoded = encodeRow(dataset, row, tokenizer, template, maxLength);
    const around = template === null ? tokenizer.specialTokens(dataset.pairs !== null) : 0;
    const target = written?.encode(dataset.targets![row]);
    const textless = encoded.ids.length <= around;
    if (textless || target?.ids.length === 1) {
      empty.push({ row, what: textless ? say`the text has no tokens` : say`the target has no tokens` });
      continue;
    }
    tokens.add(encoded.ids, encoded.typeIds);
    if (target) written!.add(target);
    if (encoded.truncated) truncated++;
    if (tokenizer.unknownId !== null && encoded.ids.includes(tokenizer.unknownId)) unknown++;
  }
  const used = empty.length === 0 ? dataset : withoutEmptyRows(dataset, empty, options.emptyRows);
  return {
    dataset: used,
    rows: used.rows,
    ...tokens.arrays(),
    labels: used.labels,
    targets: written && written.finish(),
    maxLength,
    truncated,
    unknown,
    leftOut: empty.length === 0 ? null : { rows: empty.length, line: dataset.lines[empty[0].row] },
    longest: tokens.longest,
    padId: tokenizer.padId,
  };
}

/** All steps of `encodeSteps` at once. */
export function encodeDataset(...asked: Parameters<typeof encodeSteps>): EncodedDataset {
  return atOnce(encodeSteps(...asked));
}

function encodeRow(
  dataset: Dataset,
  row: number,
  tokenizer: Tokenizer,
  template: readonly TemplatePart[] | null,
  maxLength: number,
): Encoded {
  const text = dataset.texts[row];
  const pair = dataset.pairs?.[row] ?? null;
  if (template === null) return tokenizer.encode(text, pair, maxLength);
  const mask = maskToken(tokenizer);
  if (dataset.task === 'maskedLm' && mask !== null && `${text}${pair ?? ''}`.includes(mask))
    throw dataError(
      dataset.name,
      dataset.lines[row],
      say`the text holds ${mask}, which stands for the word to fill in; write it differently`,
    );
  return encodeTemplated(tokenizer, template, text, pair, maxLength);
}

/** Targets as they are gathered. */
class TargetRows {
  private readonly tokenizer: Tokenizer;
  private readonly options: NonNullable<EncodeOptions['targets']>;
  private readonly tokens: FlatRows;
  private cut = 0;

  constructor(rows: number, tokenizer: Tokenizer, options: NonNullable<EncodeOptions['targets']>) {
    this.tokens = new FlatRows(rows, 16);
    this.tokenizer = tokenizer;
    this.options = options;
  }

  encode(target: string): ReturnType<Tokenizer['encodeTarget']> {
    return this.tokenizer.encodeTarget(target, this.options.maxLength);
  }

  add({ ids, truncated }: ReturnType<Tokenizer['encodeTarget']>): void {
    this.tokens.add(ids);
    if (truncated) this.cut++;
  }

  finish(): EncodedTargets {
    const { maxLength, startId, words = [] } = this.options;
    const { ids, offsets } = this.tokens.arrays();
    const longest = Math.max(this.tokens.longest, ...words.map((word) => this.encode(word).ids.length));
    return { ids, offsets, startId, maxLength, truncated: this.cut, longest };
  }
}

/** Tokens of one row. */
export function lengthOf(data: Pick<EncodedDataset, 'offsets'>, row: number): number {
  return data.offsets[row + 1] - data.offsets[row];
}

/** One sentence about rows that have no tokens, null where there are none. */
export function leftOutNote({ dataset, leftOut }: EncodedDataset): Sentence | null {
  if (leftOut === null) return null;
  const { rows, line } = leftOut;
  return rows === 1
    ? say`${dataset.name}: 1 row has no tokens and was left out; it begins on line ${line}.`
    : say`${dataset.name}: ${rows} rows have no tokens and were left out; the first begins on line ${line}.`;
}

/** One sentence about cut rows and unknown tokens, null where there are none. */
export function encodingNote(data: EncodedDataset): Sentence | null {
  const { targets, rows, dataset } = data;
  const parts: Sentence[] = [];
  if (data.truncated > 0)
    parts.push(say`${data.truncated} of ${rows} rows were cut to ${data.maxLength} tokens`);
  if (targets && targets.truncated > 0)
    parts.push(
      say`${targets.truncated} of ${rows} targets were cut to ${targets.maxLength} tokens (${field('data.maxTargetLength')})`,
    );
  if (data.unknown > 0) parts.push(say`${data.unknown} of ${rows} rows hold a token the vocabulary lacks`);
  const [one, two, three] = parts;
  if (parts.length === 0) return null;
  if (parts.length === 1) return say`${dataset.name}: ${one}.`;
  return parts.length === 2
    ? say`${dataset.name}: ${one}; ${two}.`
    : say`${dataset.name}: ${one}; ${two}; ${three}.`;
}
