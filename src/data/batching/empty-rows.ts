/** Rows whose text or target has no tokens: nothing can be learned from them. */
import { say, type Sentence } from '../../sentence.ts';
import type { Dataset } from '../dataset.ts';
import { dataError } from '../table/error.ts';

export interface EmptyRow {
  row: number;
  /** What has no tokens. */
  what: Sentence;
}

/**
 * The data set without them.
 * @param empty in order, at least one
 * @throws StudioError('data') naming the first, where they are not to be left out or nothing else is there
 */
export function withoutEmptyRows(
  dataset: Dataset,
  empty: readonly EmptyRow[],
  then: 'leaveOut' | undefined,
): Dataset {
  if (then !== 'leaveOut' || empty.length === dataset.rows) {
    const [{ row, what }] = empty;
    throw dataError(dataset.name, dataset.lines[row], say`${what}; fill it in or remove the line`);
  }
  const left = new Set(empty.map(({ row }) => row));
  const kept = (_: unknown, row: number): boolean => !left.has(row);
  return {
    ...dataset,
    rows: dataset.rows - left.size,
    texts: dataset.texts.filter(kept),
    pairs: dataset.pairs && dataset.pairs.filter(kept),
    targets: dataset.targets && dataset.targets.filter(kept),
    references: dataset.references && dataset.references.filter(kept),
    labels: dataset.labels.filter(kept),
    lines: dataset.lines.filter(kept),
  };
}
