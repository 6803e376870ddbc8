/**
 * OLoRA (Büyükakyüz, 2024): LoRA started from the QR decomposition of the weight. With W = Q·R in the orientation
 * of PEFT ([out, in]), B = Q_r and A = R_r train, and the frozen weight becomes W − s·B·A: step 0 leaves the model
 * as it was. Signs follow the library; a column's and its row's flip together and change no product.
 */
import { Matrix, QrDecomposition } from 'ml-matrix';
import type { PrincipalPart } from './pissa.ts';

/**
 * @param weight row-major [in, out], or [out, in] with `outIn`
 * @param rank at most the smaller side
 */
export function orthogonalPart(
  weight: Float32Array,
  inFeatures: number,
  outFeatures: number,
  outIn: boolean,
  rank: number,
  scale: number,
): PrincipalPart {
  const at = (i: number, o: number): number => (outIn ? o * inFeatures + i : i * outFeatures + o);
  const matrix = Matrix.zeros(outFeatures, inFeatures);
  for (let o = 0; o < outFeatures; o++)
    for (let i = 0; i < inFeatures; i++) matrix.set(o, i, weight[at(i, o)]);
  const { q, r } = leadingFactors(matrix, rank);
  const a = new Float32Array(inFeatures * rank);
  const b = new Float32Array(rank * outFeatures);
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < inFeatures; i++) a[i * rank + k] = r.get(k, i);
    for (let o = 0; o < outFeatures; o++) b[k * outFeatures + o] = q.get(o, k);
  }
  const residual = new Float32Array(weight.length);
  for (let i = 0; i < inFeatures; i++) {
    for (let o = 0; o < outFeatures; o++) {
      let product = 0;
      for (let k = 0; k < rank; k++) product += a[i * rank + k] * b[k * outFeatures + o];
      residual[at(i, o)] = weight[at(i, o)] - scale * product;
    }
  }
  return { a, b, residual };
}

/** The first columns of Q, which the first columns of W alone decide, and the first rows of R = Qᵀ·W. */
function leadingFactors(matrix: Matrix, rank: number): { q: Matrix; r: Matrix } {
  const leading = matrix.subMatrix(0, matrix.rows - 1, 0, rank - 1);
  const q = new QrDecomposition(leading).orthogonalMatrix.subMatrix(0, matrix.rows - 1, 0, rank - 1);
  return { q, r: q.transpose().mmul(matrix) };
}
