/** Which task a label column is for, when nobody says. */
import type { Task } from '../runs/spec.ts';

/** More numbers than this are measurements rather than classes. */
const MOST_NUMERIC_CLASSES = 20;

/**
 * Regression when every label is a number and they are not class indices: one has a fraction, or there
 * are more than twenty. Empty labels do not count; they are refused with their line later.
 */
export function guessTask(labels: readonly string[]): Task {
  const distinct = new Set(labels.map((label) => label.trim()).filter((label) => label !== ''));
  const numbers = [...distinct].map(Number);
  if (numbers.length === 0 || !numbers.every(Number.isFinite)) return 'classification';
  const measured = numbers.length > MOST_NUMERIC_CLASSES || numbers.some((value) => !Number.isInteger(value));
  return measured ? 'regression' : 'classification';
}
