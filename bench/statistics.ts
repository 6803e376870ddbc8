/** Medians: what other work on the machine does to a measurement is to slow some of it down. */
import type { Spent } from './peers/cases.ts';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median of ratios of pairs measured next to each other, so that drifts of the machine cancel. Denominators
 * beyond the last numerator have no part in it.
 */
export function medianRatio(numerators: readonly number[], denominators: readonly number[]): number {
  return median(numerators.map((value, i) => value / denominators[i]));
}

/** Median wall and median processor time. */
export function medianSpent(times: readonly Spent[]): Spent {
  return { wall: median(times.map(({ wall }) => wall)), cpu: median(times.map(({ cpu }) => cpu)) };
}

/** Of both times. */
export function medianSpentRatio(numerators: readonly Spent[], denominators: readonly Spent[]): Spent {
  const of = (what: keyof Spent): number =>
    medianRatio(
      numerators.map((times) => times[what]),
      denominators.map((times) => times[what]),
    );
  return { wall: of('wall'), cpu: of('cpu') };
}

/** Student's t at 97.5 % by degrees of freedom, from 1. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** The mean of a few repetitions and half its 95 % interval (Student's t); NaN for one alone. */
export function confidence95(values: readonly number[]): { mean: number; half: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, half: (STUDENT[n - 2] ?? 1.96) * Math.sqrt(variance / n) };
}

/** The value below which a share `q` of the values lies; the largest for 1. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
