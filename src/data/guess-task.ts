/** Which task a label column is for, when nobody says. */
import type { Task } from '../runs/spec.ts';
import { missingLabels } from './missing.ts';
import { NUMBER_WITH_COMMA } from './rows.ts';

/** More numbers than this are measurements rather than classes. */
const MOST_NUMERIC_CLASSES = 20;

/**
 * Regression when every label is a number and they are not class indices: one has a fraction, or there
 * are more than twenty. A number with a comma is one too; reading says how to write it. Missing labels do
 * not count; they are refused with their line later.
 */
export function guessTask(labels: readonly string[]): Task {
  const isMissing = missingLabels(labels, { numbers: true });
  const distinct = new Set(
    Array.from(new Set(labels), (label) => label.trim()).filter((label) => !isMissing(label)),
  );
  const plain = [...distinct].filter((label) => !NUMBER_WITH_COMMA.test(label));
  const numbers = plain.map(Number);
  if (distinct.size === 0 || !numbers.every(Number.isFinite)) return 'classification';
  const measured =
    plain.length < distinct.size ||
    numbers.length > MOST_NUMERIC_CLASSES ||
    numbers.some((value) => !Number.isInteger(value));
  return measured ? 'regression' : 'classification';
}
