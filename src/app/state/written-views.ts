/** What is shown of written texts: which rows, and whether a text is right. */
import type { ValidationPredictions } from '../../protocol/predictions.ts';
import { exactMatch } from '../../train/metrics/text/answers.ts';

export type WrittenFilter = 'all' | 'differ' | 'wrong';
export const WRITTEN_FILTERS: readonly WrittenFilter[] = ['all', 'differ', 'wrong'];

/** Runs that have written something. */
export function writers({ runs }: ValidationPredictions) {
  return runs.flatMap((run) =>
    run.written === null || run.written.length === 0 ? [] : { ...run, written: run.written },
  );
}

/** Is a text one of those that would be right, but for case, punctuation and blanks? */
export function isRight(text: string, references: readonly string[]): boolean {
  return references.some((reference) => exactMatch(text, reference) === 1);
}

/** Validation rows that texts were written for: all, those the runs write differently, those that some run gets wrong. */
export function writtenRows(predictions: ValidationPredictions, filter: WrittenFilter): number[] {
  const texts = writers(predictions).map(({ written }) => written);
  const count = Math.max(0, ...texts.map(({ length }) => length));
  const at = (row: number): string[] => texts.flatMap((written) => written.slice(row, row + 1));
  return Array.from({ length: count }, (_, row) => row).filter((row) => {
    if (filter === 'differ') return new Set(at(row).map((text) => text.trim())).size > 1;
    if (filter === 'wrong')
      return at(row).some((text) => !isRight(text, predictions.references?.[row] ?? []));
    return true;
  });
}

/** The reference to set a text against: the one that it equals, else the first. */
export function nearestReference(text: string, references: readonly string[]): string {
  return references.find((reference) => isRight(text, [reference])) ?? references.at(0) ?? '';
}
