/** The Fastfood projection and its transpose against the float64 reference, and against what makes them a projection. */
import { describe, expect, it } from 'vitest';
import { fastfoodKey, fastfoodShape, normalTable } from '../../src/graph/fastfood.ts';
import { referenceOps } from '../../src/graph/reference/index.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { checkOp, floats, given, integers } from '../support/check-op.ts';
import { farthest, randomData } from '../support/random.ts';

const normal = given([256], [...normalTable()]);
const key = integers([3], [...fastfoodKey({ seed: 7, stream: 0x9e3779b9, scale: 0.25 })]);
const ref = (words: ArrayLike<number>) => refTensor([3], words, 'int32');

const CASES = [
  { dimension: 10, rows: 9, columns: 12 },
  { dimension: 200, rows: 50, columns: 96 },
  { dimension: 1000, rows: 37, columns: 130 },
  { dimension: 9000, rows: 70, columns: 128 },
];

describe('Hadamard', () => {
  it.each([64, 128, 1024, 4096])('of %i numbers', async (size) => {
    await checkOp('Hadamard', {}, { x: floats([3, size], 1) }, { y: [3, size] }, { large: size > 128 });
  });

  it('is its own inverse but for the length', async () => {
    const x = floats([1, 256], 4);
    const { y } = await checkOp('Hadamard', {}, { x }, { y: [1, 256] });
    const { y: back } = await checkOp('Hadamard', {}, { y: { ...x, data: y } }, { y: [1, 256] });
    expect(
      farthest(
        back.map((v) => v / 256),
        x.data,
      ),
    ).toBeLessThan(5e-5);
  });
});

describe.each(CASES)('$dimension numbers move $rows × $columns', ({ dimension, rows, columns }) => {
  const { block, chunks } = fastfoodShape(dimension);
  const options = { large: dimension > 200 };
  const u = floats([chunks, block], 2);
  const ids = integers([2, 5], [0, 3, rows - 1, 3, 1, 1, 2, 7, 8, 4]);

  it('all of it, a vector, and rows alone', async () => {
    const base = floats([rows, columns], 1);
    const { y: all } = await checkOp(
      'Fastfood',
      {},
      { base, u, normal, key },
      { y: [rows, columns] },
      options,
    );
    const vector = floats([columns], 3);
    await checkOp('Fastfood', {}, { vector, u, normal, key }, { y: [columns] }, options);
    const { y } = await checkOp(
      'Fastfood',
      {},
      { base, u, normal, key, ids },
      { y: [2, 5, columns] },
      options,
    );
    ids.data.forEach((id, t) =>
      expect(y.slice(t * columns, (t + 1) * columns)).toEqual(all.slice(id * columns, (id + 1) * columns)),
    );
  });

  it('and back, with and without a sum before it', async () => {
    const sum = floats([chunks, block], 5);
    const dy = floats([rows, columns], 4);
    await checkOp('FastfoodGrad', {}, { dy, normal, key }, { du: [chunks, block] }, options);
    await checkOp('FastfoodGrad', {}, { dy, normal, key, sum }, { du: [chunks, block] }, options);
    const some = floats([2, 5, columns], 6);
    await checkOp('FastfoodGrad', {}, { some, normal, key, sum, ids }, { du: [chunks, block] }, options);
  });

  it('its gradient is the finite difference of what it computes', () => {
    const zeros = refTensor([rows, columns], new Float64Array(rows * columns));
    const table = refTensor([256], normalTable());
    const dy = refTensor([rows, columns], Float64Array.from(randomData([rows, columns], 8)));
    const project = (data: Float64Array): Float64Array =>
      referenceOps.Fastfood([zeros, refTensor([chunks, block], data), table, ref(key.data)], {}, [
        [rows, columns],
      ])[0].data;
    const [du] = referenceOps.FastfoodGrad([dy, table, ref(key.data)], {}, [[chunks, block]]);
    const at = Float64Array.from(u.data);
    const loss = (data: Float64Array): number => project(data).reduce((n, v, i) => n + v * dy.data[i], 0);
    for (const i of [0, 1, block - 1, chunks * block - 3]) {
      const moved = at.slice();
      moved[i] += 1e-3;
      const slope = (loss(moved) - loss(at)) / 1e-3;
      expect(Math.abs(slope - du.data[i])).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
    }
  });
});

describe('as a random projection', () => {
  it('keeps lengths and angles, whatever the block: near a matrix of independent normal numbers', () => {
    const [d, rows, columns] = [100, 512, 128];
    const { block, chunks } = fastfoodShape(d);
    const table = refTensor([256], normalTable());
    const zeros = refTensor([rows, columns], new Float64Array(rows * columns));
    const words = fastfoodKey({ seed: 7, stream: 3, scale: 1 / Math.sqrt(block * rows * columns) });
    const image = (stream: number): Float64Array => {
      const x = new Float64Array(chunks * block);
      x.set(randomData([d], stream));
      const spread = referenceOps.Hadamard([refTensor([chunks, block], x)], {}, [[chunks, block]])[0];
      return referenceOps.Fastfood([zeros, spread, table, ref(words)], {}, [[rows, columns]])[0].data;
    };
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((n, v, i) => n + v * b[i], 0);
    for (let i = 1; i < 9; i++) {
      const [a, b] = [randomData([d], i), randomData([d], i + 20)];
      expect(dot(image(i), image(i)) / dot(a, a)).toBeCloseTo(1, 1);
      expect((dot(image(i), image(i + 20)) - dot(a, b)) / dot(a, a)).toBeCloseTo(0, 1);
    }
  });
});
