import { describe, expect, it } from 'vitest';
import { accuracy, argmaxRows, f1, matthews } from './classification.ts';
import { averageRanks, pearson, spearman } from './correlation.ts';
import { crossEntropy, meanSquared } from './loss.ts';
import { MetricCollector, computeMetrics, isBetter, metricsFor } from './metrics.ts';

// Rows: 3 true positives, 1 false positive, 2 false negatives, 4 true negatives.
const truth = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
const predicted = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];

describe('classification', () => {
  it('by hand, two classes', () => {
    expect(accuracy(predicted, truth)).toBe(0.7);
    expect(f1(predicted, truth, 2)).toBeCloseTo(6 / 9, 15);
    // (3·4 − 1·2) / √(4·5·5·6)
    expect(matthews(predicted, truth, 2)).toBeCloseTo(10 / Math.sqrt(600), 15);
  });

  it('takes class 1 as the positive one', () => {
    const flip = (classes: number[]) => classes.map((c) => 1 - c);
    expect(f1(flip(predicted), flip(truth), 2)).toBeCloseTo(8 / 11, 15);
  });

  it('averages F1 over the classes that occur', () => {
    // Class 0: 2·1/(1+2) = 2/3; class 1: 2·1/(2+1) = 2/3; class 2 occurs nowhere.
    expect(f1([0, 1, 1], [0, 0, 1], 3)).toBeCloseTo(2 / 3, 15);
    expect(f1([0, 1, 2], [0, 0, 1], 3)).toBeCloseTo((2 / 3 + 0 + 0) / 3, 15);
  });

  it('is 0 where a metric is undefined', () => {
    expect(f1([0, 0], [0, 0], 2)).toBe(0);
    expect(matthews([0, 0, 0], [0, 1, 0], 2)).toBe(0);
  });

  it('takes the first of equal logits', () => {
    expect([...argmaxRows([1, 1, 0, 3, 2, 3], 3)]).toEqual([0, 0]);
  });
});

describe('correlation', () => {
  it('is 1 for a rising line and −1 for a falling one', () => {
    expect(pearson([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 15);
    expect(spearman([1, 2, 3], [5, -1, -9])).toBeCloseTo(-1, 15);
  });

  it('loses nothing to a large offset', () => {
    const x = [1, 2, 4, 8];
    const y = [2, 1, 5, 6];
    expect(
      pearson(
        x.map((v) => v + 1e8),
        y,
      ),
    ).toBeCloseTo(pearson(x, y), 12);
  });

  it('ranks ties by their average', () => {
    expect([...averageRanks([10, 20, 10, 30, 10])]).toEqual([2, 4, 2, 5, 2]);
    // Ranks 1.5 1.5 3 4 against 1 2 3 4: 4.5 / √(4.5·5).
    expect(spearman([7, 7, 8, 9], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 15);
  });

  it('is 0 where one side is constant', () => {
    expect(pearson([1, 1, 1], [1, 2, 3])).toBe(0);
  });
});

describe('loss', () => {
  it('is ln 2 for two equal logits, and stays finite for large ones', () => {
    expect(crossEntropy([0, 0], [1], 2)).toBeCloseTo(Math.LN2, 15);
    expect(crossEntropy([1000, 0], [1], 2)).toBe(1000);
    expect(meanSquared([1, 2], [3, 2])).toBe(2);
  });
});

describe('metricsFor', () => {
  it('names accuracy and Pearson as the ones that decide', () => {
    expect(metricsFor('classification').main).toBe('accuracy');
    expect(metricsFor('regression')).toEqual({
      names: ['pearson', 'spearman', 'loss'],
      main: 'pearson',
      generated: [],
    });
    expect(isBetter('accuracy', 0.9, 0.8) && isBetter('loss', 0.1, 0.2)).toBe(true);
  });

  it('names just what is computed', () => {
    const names = (task: 'classification' | 'regression', logits: number[], outputs: number) =>
      Object.keys(computeMetrics(task, logits, [1, 0], outputs));
    expect(names('classification', [0, 1, 1, 0], 2)).toEqual(metricsFor('classification').names);
    expect(names('regression', [0, 1], 1)).toEqual(metricsFor('regression').names);
  });

  it('refuses logits that do not fit the labels', () => {
    expect(() => computeMetrics('classification', [1, 2, 3], [0, 1], 2)).toThrow('internal:');
  });
});

describe('MetricCollector', () => {
  it('puts batches in any order, padding rows left out', () => {
    const collector = new MetricCollector('classification', [0, 1, 1], 2);
    collector.add([2, 0], Float32Array.from([0, 1, 1, 0]));
    expect(() => collector.metrics()).toThrow('2 of 3 rows');
    collector.add([1], Float32Array.from([1, 0, 99, 99]));
    expect(collector.metrics().accuracy).toBeCloseTo(2 / 3, 15);
    expect([...collector.predictions()]).toEqual([1, 0, 1, 0, 0, 1]);
  });
});
