/** Leading vectors are those of the whole decomposition, whatever the spectrum. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { PhiloxStream } from '../graph/philox.ts';
import { leadingVectors } from './leading-vectors.ts';
import { principalPart } from './pissa.ts';

const N = 140;

/** B·Bᵀ of a matrix whose columns shrink as told. */
function gram(sizes: readonly number[]): Float64Array {
  const random = new PhiloxStream(7, 1);
  const factor = sizes.map((size) => Float64Array.from({ length: N }, () => size * random.normal(1)));
  const out = new Float64Array(N * N);
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++)
      out[i * N + j] = factor.reduce((sum, column) => sum + column[i] * column[j], 0);
  return out;
}

const spectra: [string, number[]][] = [
  ['flat', Array.from({ length: 200 }, () => 1)],
  ['falling', Array.from({ length: 150 }, (_, i) => 0.8 ** i)],
  ['of low rank', [3, 2, 1]],
  ['of low rank with noise', [3, 2, 1, ...Array.from({ length: 140 }, () => 1e-7)]],
  ['zero', []],
];

describe('leading eigenvectors', () => {
  it.each(spectra)('of a spectrum that is %s', (_name, sizes) => {
    const matrix = gram(sizes);
    const whole = new EigenvalueDecomposition(
      new Matrix(Array.from({ length: N }, (_, i) => [...matrix.subarray(i * N, (i + 1) * N)])),
      { assumeSymmetric: true },
    );
    const wanted = whole.realEigenvalues.toSorted((a, b) => b - a);
    const { values, vectors } = leadingVectors(matrix, N, 5);
    expect(values).toHaveLength(5);
    for (const [r, value] of values.entries()) {
      expect(Math.abs(value - wanted[r])).toBeLessThan(1e-10 * wanted[0] + 1e-300);
      for (const [s, other] of vectors.entries()) {
        const product = vectors[r].reduce((sum, one, i) => sum + one * other[i], 0);
        expect(product).toBeCloseTo(r === s ? 1 : 0, 9);
      }
      // G·v = λ·v
      const rest = vectors[r].map((own, i) => {
        const image = vectors[r].reduce((sum, one, j) => sum + matrix[i * N + j] * one, 0);
        return Math.abs(image - value * own);
      });
      expect(Math.max(...rest)).toBeLessThan(1e-9 * wanted[0] + 1e-300);
    }
  });

  it('take a change of low rank apart to nothing, wide or tall', () => {
    const random = new PhiloxStream(3, 2);
    for (const [rows, columns] of [
      [120, 200],
      [200, 120],
    ]) {
      const [a, b] = [rows * 4, 4 * columns].map((size) =>
        Float64Array.from({ length: size }, () => random.normal(1)),
      );
      const change = Float32Array.from({ length: rows * columns }, (_, at) => {
        const [i, o] = [Math.floor(at / columns), at % columns];
        return [0, 1, 2, 3].reduce((sum, r) => sum + a[i * 4 + r] * b[r * columns + o], 0);
      });
      const { residual } = principalPart(change, rows, columns, false, 4, 1);
      expect(Math.max(...residual.map(Math.abs))).toBeLessThan(1e-5);
    }
  });
});
