/** Matrices of few entries, and gates, against the float64 reference. */
import { describe, expect, it } from 'vitest';
import { philoxUniform, PhiloxStream } from '../../src/graph/philox.ts';
import { sparseIndex } from '../../src/graph/sparse-index.ts';
import { checkOp, floats, given, integers } from '../support/check-op.ts';

const SIZES = [
  { inner: 8, columns: 12, entries: 40, tokens: 33 },
  { inner: 5, columns: 3, entries: 7, tokens: 1 },
  { inner: 130, columns: 64, entries: 900, tokens: 70 },
  { inner: 1, columns: 1, entries: 1, tokens: 6 },
];

/** Places of a matrix [inner, columns], none twice. */
function places(inner: number, columns: number, entries: number): Int32Array {
  const random = new PhiloxStream(3, 9);
  const all = Int32Array.from({ length: inner * columns }, (_, i) => i);
  for (let i = 0; i < entries; i++) {
    const j = i + random.below(all.length - i);
    [all[i], all[j]] = [all[j], all[i]];
  }
  // By columns, as entries are kept.
  return all.slice(0, entries).sort((a, b) => (a % columns) - (b % columns) || a - b);
}

describe.each(SIZES)('$entries entries of $inner × $columns, $tokens tokens', (size) => {
  const { inner, columns, entries, tokens } = size;
  const ids = places(inner, columns, entries);
  const { forward, back } = sparseIndex(ids, inner, columns);

  it('Scatter', async () => {
    const inputs = { values: floats([entries], 1), ids: integers([entries], [...ids]) };
    await checkOp('Scatter', {}, inputs, { y: [inner, columns] }, { tolerance: 0 });
  });

  it('SparseMatMul, by columns and transposed', async () => {
    const values = floats([entries], 2);
    const index = integers([forward.length], [...forward]);
    const x = floats([2, tokens, inner], 1);
    const { y } = await checkOp(
      'SparseMatMul',
      { ordered: true },
      { x, values, index },
      { y: [2, tokens, columns] },
    );
    expect(y.some((v) => v !== 0)).toBe(true);
    const turned = integers([back.length], [...back]);
    const dy = floats([2, tokens, columns], 3);
    await checkOp('SparseMatMul', { ordered: false }, { dy, values, turned }, { dx: [2, tokens, inner] });
  });

  it('SparseMatMulGrad', async () => {
    const index = integers([forward.length], [...forward]);
    const inputs = { x: floats([tokens, inner], 1), dy: floats([tokens, columns], 2), index };
    await checkOp('SparseMatMulGrad', {}, inputs, { dv: [entries] });
  });
});

describe('HardConcrete', () => {
  const bounds = { low: -1.5, high: 1.5 };
  it.each([7, 4099])('%i gates, with noise of their stream and without', async (count) => {
    const alpha = floats([count], 1, 3);
    const options = { tolerance: 3e-6, step: { seed: 11, step: 5 } };
    const noisy = await checkOp(
      'HardConcrete',
      { ...bounds, stream: 0x9e3779b9 },
      { alpha },
      { z: [count] },
      options,
    );
    const still = await checkOp('HardConcrete', bounds, { alpha }, { z: [count] }, options);
    expect(noisy.z).not.toEqual(still.z);
    const u = philoxUniform(11, 0x9e3779b9, 5, 3);
    const s = 1 / (1 + Math.exp(-(alpha.data[3] + Math.log(u / (1 - u)))));
    expect(noisy.z[3]).toBeCloseTo(Math.min(1, Math.max(0, 3 * s - 1.5)), 5);
  });

  it('is exactly open or closed far out, whatever the noise, and then has no gradient', async () => {
    const alpha = given([4], [30, -30, 30, -30]);
    const { z } = await checkOp('HardConcrete', { ...bounds, stream: 5 }, { alpha }, { z: [4] });
    expect([...z]).toEqual([1, 0, 1, 0]);
    const inputs = { dz: floats([4], 1), z: given([4], [1, 0, 1, 0]) };
    const { dalpha } = await checkOp('HardConcreteGrad', bounds, inputs, { dalpha: [4] });
    expect(dalpha.every((v) => v === 0)).toBe(true);
  });

  it.each([7, 4099])('gradient of %i', async (count) => {
    const z = floats([count], 2);
    z.data = z.data.map((v) => Math.min(1, Math.max(0, v)));
    await checkOp('HardConcreteGrad', bounds, { dz: floats([count], 1), z }, { dalpha: [count] });
  });
});
