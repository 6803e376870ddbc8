/** Seeded random tensors and comparisons for kernel tests. */
import { expect } from 'vitest';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { refTensor, sizeOf, type RefTensor } from '../../src/graph/reference/tensor.ts';

/** Normal values of a stream of the tests' own seed. */
export function randomData(shape: readonly number[], stream: number, deviation = 1): Float32Array {
  const random = new PhiloxStream(20_26, stream);
  return Float32Array.from({ length: sizeOf(shape) }, () => random.normal(deviation));
}

/** The same numbers as float64, as the reference reads them. */
export const asRef = (shape: readonly number[], data: ArrayLike<number>): RefTensor =>
  refTensor(shape, Float64Array.from(data));

/** Largest difference, relative to the largest magnitude of the reference, or to `floor` if that is less. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-30): number {
  expect(actual.length).toBe(expected.length);
  let scale = floor;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    const difference = Math.abs(actual[i] - expected[i]);
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  }
  return worst / scale;
}

/**
 * The largest difference of two lists, value by value; NaN where they differ in length or one holds a NaN. One
 * assertion for all of them: one a value takes longer than what is tested.
 */
export function farthest(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  let worst = 0;
  for (let i = 0; i < actual.length; i++) worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
  return worst;
}
