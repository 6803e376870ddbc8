/** Student's interval of a mean ("Student" 1908): of one method's score over seeds. */
import jStat from 'jstat';
import { CONFIDENCE, deviation, mean, type Interval } from './samples.ts';

/** @returns null for fewer than two values, which say nothing of their spread */
export function studentInterval(values: readonly number[], confidence = CONFIDENCE): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const half = (jStat.studentt.inv(1 - (1 - confidence) / 2, n - 1) * deviation(values)) / Math.sqrt(n);
  return [mean(values) - half, mean(values) + half];
}
