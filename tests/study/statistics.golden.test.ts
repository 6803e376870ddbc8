import { describe, expect, it } from 'vitest';
import { convergedAt } from '../../src/study/statistics/convergence.ts';
import golden from './statistics.golden.json' with { type: 'json' };
import {
  criticalDifference,
  friedman,
  indistinct,
  meanRanks,
  ranksOf,
} from '../../src/study/statistics/ranks.ts';

describe('ranks over tasks, against SciPy', () => {
  it('ties share the mean of their ranks', () => {
    expect(ranksOf([0.5, 0.9, 0.5, 0.1])).toEqual([2.5, 1, 2.5, 4]);
  });
  it.each(golden.samples)('mean ranks and Friedman’s test', ({ scores, ranks, statistic, p }) => {
    meanRanks(scores).forEach((rank, i) => expect(rank).toBeCloseTo(ranks[i], 12));
    const found = friedman(scores)!;
    if (!Number.isFinite(statistic)) return;
    expect(found.statistic).toBeCloseTo(statistic, 9);
    expect(found.p).toBeCloseTo(p, 9);
  });
  it('critical differences are SciPy’s, and of Demšar’s table', () => {
    for (const { methods, tasks, critical } of golden.nemenyi)
      expect(Math.abs(criticalDifference(methods, tasks)! / critical - 1)).toBeLessThan(1e-4);
    for (const [methods, q] of Object.entries(golden.demsar)) {
      const k = Number(methods);
      expect(criticalDifference(k, 30)! / Math.sqrt((k * (k + 1)) / 180)).toBeCloseTo(q, 2);
    }
  });
  it('says nothing of one task or one method', () => {
    expect(friedman([[0.1, 0.2]])).toBeNull();
    expect(criticalDifference(5, 1)).toBeNull();
    expect(criticalDifference(1, 5)).toBeNull();
  });
  it('finds no difference between methods that are all alike', () => {
    const alike = Array.from({ length: 5 }, () => [0.5, 0.5, 0.5]);
    expect(friedman(alike)).toEqual({ statistic: 0, p: 1 });
  });
  it('finds one beyond doubt where every task says the same', () => {
    const clear = Array.from({ length: 5 }, (_, i) => [0.9 + i, 0.5 + i, 0.1 + i]);
    expect(friedman(clear)).toEqual({ statistic: Infinity, p: 0 });
  });
  it('groups what lies within the critical difference, the largest sets only', () => {
    const methods = [1, 1.5, 2.4, 4].map((rank) => ({ name: `m${rank}`, rank }));
    const names = indistinct(methods, 1).map((group) => group.map(({ rank }) => rank));
    expect(names).toEqual([
      [1, 1.5],
      [1.5, 2.4],
    ]);
    expect(indistinct(methods, 5)).toHaveLength(1);
    expect(indistinct(methods, 0.1)).toEqual([]);
  });
});

describe('the point of 95 %', () => {
  const curve = (x: readonly number[], y: readonly number[]) =>
    x.map((step, i) => ({ step, tokens: step * 10, seconds: step / 10, value: y[i] }));
  it.each(golden.curves)('is NumPy’s interpolation', ({ x, y, at }) => {
    expect(convergedAt(curve(x, y), 'step')).toBeCloseTo(at, 9);
    expect(convergedAt(curve(x, y), 'tokens')).toBeCloseTo(at * 10, 8);
  });
  it('falls for a loss, and is nothing for a curve that says nothing', () => {
    expect(convergedAt(curve([0, 10, 20], [2, 1, 0.95]), 'step', true)).toBeCloseTo(10, 9);
    expect(convergedAt(curve([0], [1]), 'step')).toBeNull();
    expect(convergedAt(curve([0, 10], [0.3, 0]), 'step')).toBeNull();
  });
  it('is nowhere for a curve that begins there, as one does that learns nothing', () => {
    expect(convergedAt(curve([0, 10], [0.9, 0.9]), 'step')).toBeNull();
    expect(convergedAt(curve([0, 10, 20], [0.5, 0.48, 0.52]), 'step')).toBeNull();
  });
});
