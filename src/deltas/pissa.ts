/**
 * PiSSA (Meng et al., 2024): LoRA started from the principal part of the weight. With W = U·S·Vᵀ in the
 * orientation of PEFT ([out, in]) and scale s, A = √(S_r/s)·V_rᵀ and B = U_r·√(S_r/s) train, and the frozen
 * weight becomes W − s·B·A: step 0 leaves the model as it was.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface PrincipalPart {
  /** [in, rank] */
  a: Float32Array;
  /** [rank, out] */
  b: Float32Array;
  /** W − s·A·B, in the layout W came in. */
  residual: Float32Array;
}

/**
 * The rank-r principal part of a weight, in double precision through the eigenvectors of the smaller
 * Gram matrix. Takes O(min(in, out)³) time: milliseconds at width 128, seconds at 768.
 * @param weight row-major [in, out], or [out, in] with `outIn`
 */
export function principalPart(
  weight: Float32Array,
  inFeatures: number,
  outFeatures: number,
  outIn: boolean,
  rank: number,
  scale: number,
): PrincipalPart {
  const at = (i: number, o: number): number => (outIn ? o * inFeatures + i : i * outFeatures + o);
  // Work with the side that is smaller: G = W·Wᵀ over inputs, or Wᵀ·W over outputs.
  const overInputs = inFeatures <= outFeatures;
  const [n, m] = overInputs ? [inFeatures, outFeatures] : [outFeatures, inFeatures];
  const w = (row: number, column: number): number => weight[overInputs ? at(row, column) : at(column, row)];
  const gram = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += w(i, k) * w(j, k);
      gram.set(i, j, sum);
      gram.set(j, i, sum);
    }
  }
  const eigen = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const values = eigen.realEigenvalues;
  const order = values.map((_, i) => i).sort((x, y) => values[y] - values[x]);
  const a = new Float32Array(inFeatures * rank);
  const b = new Float32Array(rank * outFeatures);
  for (let r = 0; r < rank; r++) {
    const vector = eigen.eigenvectorMatrix.getColumn(order[r]);
    const singular = Math.sqrt(Math.max(values[order[r]], 0));
    const root = Math.sqrt(singular / scale);
    for (let k = 0; k < m; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += w(i, k) * vector[i];
      const other = singular > 0 ? (sum / singular) * root : 0;
      if (overInputs) b[r * outFeatures + k] = other;
      else a[k * rank + r] = other;
    }
    for (let i = 0; i < n; i++) {
      if (overInputs) a[i * rank + r] = vector[i] * root;
      else b[r * outFeatures + i] = vector[i] * root;
    }
  }
  const residual = new Float32Array(weight.length);
  for (let i = 0; i < inFeatures; i++) {
    for (let o = 0; o < outFeatures; o++) {
      let product = 0;
      for (let r = 0; r < rank; r++) product += a[i * rank + r] * b[r * outFeatures + o];
      residual[at(i, o)] = weight[at(i, o)] - scale * product;
    }
  }
  return { a, b, residual };
}
