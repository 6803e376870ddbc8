import { describe, expect, it } from 'vitest';
import type { ValidationPredictions } from '../../protocol/predictions.ts';
import { answerAt, cellRows, confusion, disagreements } from './prediction-views.ts';

const classes: ValidationPredictions = {
  texts: ['a', 'b', 'c'],
  pairs: null,
  labels: Int32Array.of(0, 1, 1),
  lines: [2, 3, 4],
  labelNames: ['no', 'yes'],
  references: null,
  runs: [
    { run: 'lora', step: 4, values: Float32Array.of(0.9, 0.1, 0.25, 0.75, 0.75, 0.25), written: null },
    { run: 'head', step: 4, values: Float32Array.of(0.5, 0.5, 0.75, 0.25, 0.875, 0.125), written: null },
  ],
};

describe('predictions of classes', () => {
  it('takes the most probable class, of equals the first', () => {
    expect(answerAt(classes.runs[1], 0, 2)).toEqual({ predicted: 0, probability: 0.5 });
    expect(answerAt(classes.runs[0], 1, 2)).toEqual({ predicted: 1, probability: 0.75 });
  });

  it('counts true by predicted', () => {
    expect(confusion(classes, classes.runs[0])).toEqual({
      counts: [
        [1, 0],
        [1, 1],
      ],
      most: 1,
    });
  });

  it('opens the rows of a cell, the surest first', () => {
    expect(cellRows(classes, classes.runs[1], 1, 0)).toEqual([
      { row: 2, probability: 0.875 },
      { row: 1, probability: 0.75 },
    ]);
    expect(cellRows(classes, classes.runs[1], 0, 1)).toEqual([]);
  });

  it('finds the rows on which runs differ', () => {
    expect(disagreements(classes).map(({ row }) => row)).toEqual([1]);
    expect(disagreements({ ...classes, runs: classes.runs.slice(0, 1) })).toEqual([]);
  });
});

it('orders a regression’s rows by how far the runs are apart', () => {
  const scored: ValidationPredictions = {
    ...classes,
    labels: Float32Array.of(1, 2, 3),
    labelNames: null,
    runs: [
      { run: 'lora', step: 4, values: Float32Array.of(1, 2, 3), written: null },
      { run: 'head', step: 4, values: Float32Array.of(1.5, 4, 3), written: null },
    ],
  };
  expect(disagreements(scored).map(({ row, spread }) => [row, spread])).toEqual([
    [1, 2],
    [0, 0.5],
    [2, 0],
  ]);
  expect(answerAt(scored.runs[0], 2, null)).toEqual({ predicted: 3, probability: null });
});
