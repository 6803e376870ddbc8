import { expect, it } from 'vitest';
import type { ValidationPredictions } from '../../protocol/predictions.ts';
import { nearestReference, writers, writtenRows } from './written-views.ts';

const none = { step: 4, values: new Float32Array(0) };
const predictions: ValidationPredictions = {
  texts: ['a', 'b', 'c', 'd'],
  pairs: null,
  labels: new Int32Array(4),
  lines: [2, 3, 4, 5],
  labelNames: null,
  references: [['One map.'], ['Two maps.', 'A pair of maps.'], ['Three maps.'], ['Four.']],
  runs: [
    { ...none, run: 'full', written: ['one map', 'a pair of maps', 'three maps'] },
    { ...none, run: 'lora', written: ['one map', 'two maps', 'three cats'] },
    { ...none, run: 'head', written: null },
  ],
};

it('picks the rows that were written, those that differ, and those that some run gets wrong', () => {
  expect(writtenRows(predictions, 'all')).toEqual([0, 1, 2]);
  expect(writtenRows(predictions, 'differ')).toEqual([1, 2]);
  expect(writtenRows(predictions, 'wrong')).toEqual([2]);
  expect(writers(predictions).map(({ run }) => run)).toEqual(['full', 'lora']);
});

it('sets a text against the reference that it equals', () => {
  expect(nearestReference('a pair of maps', predictions.references![1])).toBe('A pair of maps.');
  expect(nearestReference('cats', predictions.references![1])).toBe('Two maps.');
});
