/**
 * Methods over many tasks (Demšar 2006): mean ranks, Friedman's test of whether they differ at all, in Iman and
 * Davenport's form, and Nemenyi's critical difference, below which two mean ranks are not told apart.
 */
import jStat from 'jstat';
import { mean } from '../../evidence/samples.ts';

/** Ranks of values, 1 for the highest; equal values share the mean of their ranks. */
export function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const above = values.filter((other) => other > value).length;
    const same = values.filter((other) => other === value).length;
    return above + (same + 1) / 2;
  });
}

/** @param scores `[task][method]`, higher is better. @returns mean rank by method */
export function meanRanks(scores: readonly (readonly number[])[]): number[] {
  const ranks = scores.map(ranksOf);
  return scores[0].map((_, method) => mean(ranks.map((row) => row[method])));
}

/**
 * Do the methods differ? Iman and Davenport's F of Friedman's statistic.
 * @returns null for fewer than two tasks or methods
 */
export function friedman(scores: readonly (readonly number[])[]): { statistic: number; p: number } | null {
  const tasks = scores.length;
  const methods = scores[0]?.length ?? 0;
  if (tasks < 2 || methods < 2) return null;
  const ranks = scores.map(ranksOf);
  const sums = scores[0].map((_, m) => ranks.reduce((sum, row) => sum + row[m], 0));
  const squares = ranks.flat().reduce((sum, rank) => sum + rank ** 2, 0);
  const between = sums.reduce((sum, one) => sum + one ** 2, 0) / tasks;
  const middle = (tasks * methods * (methods + 1) ** 2) / 4;
  // With ties (Conover 1999, 5.8): the variance of the ranks that were given.
  const rest = squares - between;
  const statistic = rest < 1e-12 ? Infinity : ((tasks - 1) * (between - middle)) / rest;
  if (squares - middle < 1e-12) return { statistic: 0, p: 1 };
  const degrees = [methods - 1, (methods - 1) * (tasks - 1)] as const;
  const p = statistic === Infinity ? 0 : 1 - jStat.centralF.cdf(statistic, ...degrees);
  return { statistic, p };
}

/** Degrees of freedom that are as good as infinitely many. */
const INFINITE = 1e6;

/**
 * Nemenyi's critical difference of mean ranks.
 * @returns null for fewer than two tasks or methods
 */
export function criticalDifference(methods: number, tasks: number, level = 0.05): number | null {
  if (methods < 2 || tasks < 2) return null;
  const studentized = jStat.tukey.inv(1 - level, methods, INFINITE) / Math.SQRT2;
  return studentized * Math.sqrt((methods * (methods + 1)) / (6 * tasks));
}

/** Sets of methods, best first, that lie within the critical difference: the largest ones of two and more. */
export function indistinct<T extends { rank: number }>(methods: readonly T[], critical: number): T[][] {
  const sorted = [...methods].sort((a, b) => a.rank - b.rank);
  const groups: T[][] = [];
  let reached = 0;
  for (const [from, first] of sorted.entries()) {
    const group = sorted.slice(from).filter(({ rank }) => rank - first.rank < critical);
    if (group.length < 2 || from + group.length <= reached) continue;
    reached = from + group.length;
    groups.push(group);
  }
  return groups;
}
