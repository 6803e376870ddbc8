/**
 * PiSSA (Meng et al., 2024): LoRA started from the principal part of the weight. With W = U·S·Vᵀ in the
 * orientation of PEFT ([out, in]) and scale s, A = √(S_r/s)·V_rᵀ and B = U_r·√(S_r/s) train, and the frozen
 * weight becomes W − s·B·A: step 0 leaves the model as it was.
 */
import { leadingVectors } from './leading-vectors.ts';

export interface PrincipalPart {
  /** [in, rank] */
  a: Float32Array;
  /** [rank, out] */
  b: Float32Array;
  /** W − s·A·B, in the layout W came in. */
  residual: Float32Array;
}

/**
 * The rank-r principal part of a weight, in double precision through the leading eigenvectors of the smaller
 * Gram matrix: O(min(in, out)² · max(in, out)) time, under a second at width 768.
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
  const rows = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < m; k++) rows[i * m + k] = weight[overInputs ? at(i, k) : at(k, i)];
  const { values, vectors } = leadingVectors(gramOf(rows, n, m), n, rank);
  const a = new Float32Array(inFeatures * rank);
  const b = new Float32Array(rank * outFeatures);
  for (const [r, vector] of vectors.entries()) {
    const singular = Math.sqrt(Math.max(values[r], 0));
    const root = Math.sqrt(singular / scale);
    const other = new Float64Array(m);
    for (let i = 0; i < n; i++) for (let k = 0; k < m; k++) other[k] += rows[i * m + k] * vector[i];
    for (let k = 0; k < m; k++) {
      const value = singular > 0 ? (other[k] / singular) * root : 0;
      if (overInputs) b[r * outFeatures + k] = value;
      else a[k * rank + r] = value;
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

/** rows · rowsᵀ, four rows at a time. */
function gramOf(rows: Float64Array, n: number, m: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const own = i * m;
    for (let j = 0; j <= i; j += 4) {
      // Beyond the last row these read it again, and nothing is written.
      const at = [0, 1, 2, 3].map((step) => Math.min(j + step, i) * m);
      const [p, q, r, s] = at;
      let [first, second, third, fourth] = [0, 0, 0, 0];
      for (let k = 0; k < m; k++) {
        const value = rows[own + k];
        first += value * rows[p + k];
        second += value * rows[q + k];
        third += value * rows[r + k];
        fourth += value * rows[s + k];
      }
      for (const [step, sum] of [first, second, third, fourth].entries()) {
        if (j + step > i) break;
        gram[i * n + j + step] = sum;
        gram[(j + step) * n + i] = sum;
      }
    }
  }
  return gram;
}
