import { describe, expect, it } from 'vitest';
import { PhiloxStream } from '../graph/philox.ts';
import { computeMetrics } from '../train/metrics/metrics.ts';
import { metricIntervals } from './metric-intervals.ts';
import { wilsonInterval } from './rows.ts';

/** Uniform in [0, 1). */
function uniforms(seed: number, count: number): number[] {
  const random = new PhiloxStream(seed, 1);
  return Array.from({ length: count }, () => random.below(1_000_000) / 1_000_000);
}

/** Two classes, told apart by a logit that is right so often. */
function answers(seed: number, rows: number, share: number): { logits: number[]; labels: number[] } {
  const draws = uniforms(seed, 2 * rows);
  const labels = Array.from({ length: rows }, (_, row) => Number(draws[row] < 0.4));
  const logits = labels.flatMap((label, row) => {
    const predicted = draws[rows + row] < share ? label : 1 - label;
    return [0, predicted === 1 ? 1 : -1];
  });
  return { logits, labels };
}

describe('metricIntervals', () => {
  it('has Wilson’s of the accuracy, and spans the figure itself of the others', () => {
    const { logits, labels } = answers(1, 200, 0.8);
    const metrics = computeMetrics('classification', logits, labels, 2);
    const found = metricIntervals('classification', logits, labels, 2, 7);
    expect(Object.keys(found)).toEqual(['accuracy', 'f1', 'matthews']);
    expect(found.accuracy).toEqual(wilsonInterval(Math.round(metrics.accuracy * 200), 200));
    for (const [name, [low, high]] of Object.entries(found)) {
      expect(low, name).toBeLessThan(metrics[name]);
      expect(high, name).toBeGreaterThan(metrics[name]);
      expect(high - low, name).toBeLessThan(0.3);
    }
    expect(metricIntervals('classification', logits, labels, 2, 7)).toEqual(found);
    expect(metricIntervals('classification', logits, labels, 2, 8).f1).not.toEqual(found.f1);
  });

  it('covers the truth about as often as it says', () => {
    // The truth of the F1: of a sample so large that it hardly varies.
    const large = answers(99, 50_000, 0.75);
    const truth = computeMetrics('classification', large.logits, large.labels, 2).f1;
    let covered = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { logits, labels } = answers(100 + seed, 80, 0.75);
      const [low, high] = metricIntervals('classification', logits, labels, 2, seed).f1;
      covered += Number(low <= truth && truth <= high);
    }
    expect(covered).toBeGreaterThanOrEqual(34);
  });

  it('ranks ties of a resample as Spearman does', () => {
    // All values equal in pairs: every resample has ties. The two correlate perfectly, whatever is drawn.
    const values = [1, 1, 2, 2, 3, 3, 4, 4];
    const { pearson, spearman } = metricIntervals(
      'regression',
      values,
      values.map((value) => value ** 2),
      1,
      3,
    );
    expect(spearman[0]).toBeCloseTo(1, 12);
    expect(spearman[1]).toBeCloseTo(1, 12);
    expect(pearson[0]).toBeGreaterThan(0.9);
    expect(pearson[1]).toBeLessThanOrEqual(1);
  });

  it('says nothing of what no resample defines', () => {
    expect(metricIntervals('regression', [1, 1, 1], [1, 2, 3], 1, 1)).toEqual({});
  });
});
