/** Columns of a dataset, and what they make of its task. */
import type { Task } from '../runs/spec-data-schema.ts';

/** Which columns hold what: one or two texts, and a label or a text to write. */
export interface Columns {
  text: string[];
  label?: string;
  target?: string;
}

/** The column of the answer, whatever its kind. */
export function answerColumn({ label, target }: Columns): string {
  return label ?? target ?? '';
}

/** Is a label answered by its word: at a mask, or written? */
export function answersInWords({ task, columns }: { task: Task; columns: Columns }): boolean {
  return task === 'maskedLm' || (task === 'text2text' && columns.label !== undefined);
}
