/** Principal angles between subspaces (Björck and Golub 1973), by which LoRA's deltas of two tasks are compared. */

/** A row-major [rows, columns] matrix. */
interface Matrix {
  rows: number;
  columns: number;
  data: Float32Array | Float64Array;
}

/** Columns that add less than this share of their length to those before are none of a basis. */
const DEPENDENT = 1e-6;
const SWEEPS = 60;

/** An orthonormal basis of the columns, by Gram and Schmidt, each taken off twice. */
export function columnBasis({ rows, columns, data }: Matrix): Float64Array[] {
  const basis: Float64Array[] = [];
  for (let j = 0; j < columns; j++) {
    const column = Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]);
    const length = norm(column);
    for (let pass = 0; pass < 2; pass++)
      for (const one of basis) {
        const share = dot(one, column);
        for (let i = 0; i < rows; i++) column[i] -= share * one[i];
      }
    const left = norm(column);
    if (length === 0 || left < DEPENDENT * length) continue;
    basis.push(column.map((value) => value / left));
  }
  return basis;
}

/**
 * Cosines of the principal angles between two subspaces, the largest first: the singular values of QᵀP for orthonormal
 * bases Q and P, by Jacobi's rotations of its columns.
 */
export function principalCosines(one: readonly Float64Array[], other: readonly Float64Array[]): number[] {
  const [few, many] = one.length <= other.length ? [one, other] : [other, one];
  // Columns, one for each vector of the smaller basis.
  const columns = few.map((a) => Float64Array.from(many, (b) => dot(a, b)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < columns.length; p++)
      for (let q = p + 1; q < columns.length; q++) rotated = rotate(columns[p], columns[q]) || rotated;
    if (!rotated) break;
  }
  return columns.map((column) => Math.min(1, norm(column))).sort((a, b) => b - a);
}

/** Makes two columns orthogonal. @returns were they not? */
function rotate(p: Float64Array, q: Float64Array): boolean {
  const [a, b, c] = [dot(p, p), dot(q, q), dot(p, q)];
  if (Math.abs(c) <= 1e-14 * Math.sqrt(a * b)) return false;
  const zeta = (b - a) / (2 * c);
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + t * t);
  const sine = cosine * t;
  for (let i = 0; i < p.length; i++)
    [p[i], q[i]] = [cosine * p[i] - sine * q[i], sine * p[i] + cosine * q[i]];
  return true;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
