import { expect, it } from 'vitest';
import { columnBasis, principalCosines } from './angles.ts';
import { crossEntropy } from './masked-tokens.ts';
import { along, between, randomLike } from './directions.ts';

const columns = (rows: number, ...all: number[][]) => ({
  rows,
  columns: all.length,
  data: Float64Array.from(
    { length: rows * all.length },
    (_, i) => all[i % all.length][Math.floor(i / all.length)],
  ),
});

it('finds the angles between two planes, whatever their bases', () => {
  const turn = Math.PI / 6;
  // They share a line; beside it one is turned by 30 degrees.
  const one = columnBasis(columns(3, [1, 0, 0], [3, 2, 0]));
  const other = columnBasis(
    columns(3, [1, Math.cos(turn), Math.sin(turn)], [-1, Math.cos(turn), Math.sin(turn)]),
  );
  const [first, second] = principalCosines(one, other);
  expect(first).toBeCloseTo(1, 12);
  expect(Math.acos(second)).toBeCloseTo(turn, 12);
  expect(principalCosines(other, one)).toEqual(
    [first, second].map((value) => expect.closeTo(value, 12) as number),
  );
});

it('leaves dependent columns out of a basis, and takes subspaces of different dimensions', () => {
  const line = columnBasis(columns(4, [1, 1, 0, 0], [2, 2, 0, 0], [0, 0, 0, 0]));
  expect(line).toHaveLength(1);
  const [cosine, ...none] = principalCosines(line, columnBasis(columns(4, [1, 0, 0, 0], [0, 0, 1, 0])));
  expect(cosine).toBeCloseTo(Math.SQRT1_2, 12);
  expect(none).toEqual([]);
});

it('takes the cross-entropy of rows of logits, however large', () => {
  const logits = Float64Array.of(1000, 1000, 0, Math.log(2), 0, 0);
  expect(crossEntropy(logits, [0, 0])).toBeCloseTo((Math.log(2) + Math.log(2)) / 2, 12);
});

it('draws a random direction whose filters are as long as those of another, by rows and by columns', () => {
  const start = new Map([
    ['rows', new Float32Array(6)],
    ['columns', new Float32Array(6)],
    ['bias', new Float32Array(2)],
  ]);
  const end = new Map([
    ['rows', Float32Array.of(3, 4, 0, 0, 0, 0)],
    ['columns', Float32Array.of(3, 0, 4, 0, 0, 0)],
    ['bias', Float32Array.of(0, 2)],
  ]);
  const delta = between(start, end);
  const random = randomLike(delta, [
    { name: 'rows', dims: [3, 2], transposed: false },
    { name: 'columns', dims: [3, 2], transposed: true },
    { name: 'bias', dims: [2], transposed: false },
  ]);
  const [rows, cols, bias] = ['rows', 'columns', 'bias'].map((name) => random.get(name)!);
  expect(Math.hypot(rows[0], rows[1])).toBeCloseTo(5, 5);
  expect(rows.subarray(2).every((value) => value === 0)).toBe(true);
  expect(Math.hypot(cols[0], cols[2], cols[4])).toBeCloseTo(5, 5);
  expect([cols[1], cols[3], cols[5]].every((value) => value === 0)).toBe(true);
  expect(Math.hypot(bias[0], bias[1])).toBeCloseTo(2, 5);
  const point = along(start, delta, 0.5, random, 2);
  expect(point.get('rows')![0]).toBeCloseTo(1.5 + 2 * rows[0], 5);
});
