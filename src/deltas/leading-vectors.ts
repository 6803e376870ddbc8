/**
 * The leading eigenvectors of a symmetric matrix that has no negative eigenvalues, without the others: Rayleigh-Ritz
 * over block Krylov spaces (Golub and Underwood, 1977; Musco and Musco, 2015), begun again from the best vectors until
 * every wanted pair holds to rounding.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { PhiloxStream } from '../graph/philox.ts';

export interface Eigenpairs {
  /** Descending. */
  values: number[];
  vectors: Float64Array[];
}

/** Below this width all of them at once are as fast. */
const SMALL = 96;
/** Vectors beyond those wanted, which keep their distance from the rest. */
const BEYOND = 8;
/** Products with the matrix before the space is begun anew. */
const DEPTH = 6;
const CYCLES = 40;
/** Of a pair's residual, against the largest eigenvalue. */
const TOLERANCE = 1e-12;
/** A vector shorter than this share of what it was lies in the space already. */
const DEPENDENT = 1e-10;

/**
 * @param matrix row-major [n, n]
 * @returns the `count` largest; fewer where the rest are zero
 */
export function leadingVectors(matrix: Float64Array, n: number, count: number): Eigenpairs {
  const block = count + Math.min(count, BEYOND);
  if (n > SMALL && block * DEPTH <= n / 2) {
    const found = krylov(matrix, n, count, block);
    if (found !== null) return found;
  }
  return all(matrix, n, count);
}

function all(matrix: Float64Array, n: number, count: number): Eigenpairs {
  const rows = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) rows.set(i, j, matrix[i * n + j]);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(rows, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((x, y) => realEigenvalues[y] - realEigenvalues[x]);
  const taken = order.slice(0, count);
  return {
    values: taken.map((i) => realEigenvalues[i]),
    vectors: taken.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i))),
  };
}

/** Null where it does not come to rest. */
function krylov(matrix: Float64Array, n: number, count: number, block: number): Eigenpairs | null {
  const random = new PhiloxStream(0, 0);
  let start: Float64Array[] = Array.from({ length: block }, () =>
    Float64Array.from({ length: n }, () => random.normal(1)),
  );
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const { basis, images, whole } = space(matrix, n, start);
    const size = basis.length;
    const small = Matrix.zeros(size, size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        const value = dot(basis[i], images[j]);
        small.set(i, j, value);
        small.set(j, i, value);
      }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small, {
      assumeSymmetric: true,
    });
    const order = realEigenvalues.map((_, i) => i).sort((x, y) => realEigenvalues[y] - realEigenvalues[x]);
    const kept = order.slice(0, block).map((i) => eigenvectorMatrix.getColumn(i));
    const vectors = kept.map((weights) => combined(basis, weights, n));
    const values = order.slice(0, block).map((i) => realEigenvalues[i]);
    const wanted = Math.min(count, size);
    const rest = Math.max(
      0,
      ...Array.from({ length: wanted }, (_, r) => {
        const image = combined(images, kept[r], n);
        for (let i = 0; i < n; i++) image[i] -= values[r] * vectors[r][i];
        return Math.sqrt(dot(image, image));
      }),
    );
    // A space that the matrix does not lead out of holds every vector that the start had a part of.
    if (whole || rest <= TOLERANCE * Math.max(values[0] ?? 0, 0))
      return { values: values.slice(0, wanted), vectors: vectors.slice(0, wanted) };
    start = vectors;
  }
  return null;
}

interface Space {
  /** Orthonormal. */
  basis: Float64Array[];
  /** The matrix times each. */
  images: Float64Array[];
  /** The matrix maps it into itself. */
  whole: boolean;
}

function space(matrix: Float64Array, n: number, start: readonly Float64Array[]): Space {
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  let next = start;
  for (let step = 0; step < DEPTH; step++) {
    const fresh: Float64Array[] = [];
    for (const vector of next) {
      const own = Float64Array.from(vector);
      const length = Math.sqrt(dot(own, own));
      // Twice, for what rounding leaves of the first time.
      for (let time = 0; time < 2; time++)
        for (const known of basis) {
          const share = dot(known, own);
          for (let i = 0; i < n; i++) own[i] -= share * known[i];
        }
      const left = Math.sqrt(dot(own, own));
      if (!(left > DEPENDENT * length)) continue;
      for (let i = 0; i < n; i++) own[i] /= left;
      basis.push(own);
      fresh.push(own);
    }
    if (fresh.length === 0) return { basis, images, whole: true };
    const mapped = fresh.map((vector) => product(matrix, n, vector));
    images.push(...mapped);
    next = mapped;
  }
  return { basis, images, whole: false };
}

function product(matrix: Float64Array, n: number, vector: Float64Array): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[row + j] * vector[j];
    out[i] = sum;
  }
  return out;
}

function combined(vectors: readonly Float64Array[], weights: readonly number[], n: number): Float64Array {
  const out = new Float64Array(n);
  for (const [k, vector] of vectors.entries()) {
    const weight = weights[k];
    for (let i = 0; i < n; i++) out[i] += weight * vector[i];
  }
  return out;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  return sum;
}
