/** Which task a label column is for, when nobody says. */
import type { Task } from '../runs/spec.ts';
import { missingLabels } from './missing.ts';
import { DECIMAL_COMMA } from './rows.ts';

const withComma = (label: string): boolean => DECIMAL_COMMA.test(label);
const isFiniteNumber = (label: string): boolean => Number.isFinite(Number(label));

/** More numbers than this are measurements rather than classes. */
const MOST_NUMERIC_CLASSES = 20;

/**
 * Regression when every label is a number and they are not class indices: one has a fraction, or there
 * are more than twenty. Numbers may have a decimal comma. Missing labels do not count; they are refused with their line later.
 */
export function guessTask(labels: readonly string[]): Task {
  const isMissing = missingLabels(labels, { numbers: true });
  const distinct = new Set(
    Array.from(new Set(labels), (label) => label.trim()).filter((label) => !isMissing(label)),
  );
  // A decimal comma makes a measurement all the same; reading says that it is to be a point.
  const answers = [...distinct];
  if (answers.some(withComma) && answers.every((label) => withComma(label) || isFiniteNumber(label)))
    return 'regression';
  const numbers = answers.map(Number);
  if (numbers.length === 0 || !numbers.every(Number.isFinite)) return 'classification';
  const measured = numbers.length > MOST_NUMERIC_CLASSES || numbers.some((value) => !Number.isInteger(value));
  return measured ? 'regression' : 'classification';
}
