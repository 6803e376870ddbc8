/** The sizes of a MatMul, read off its operands' shapes. */
import { sizeOf } from './reference/tensor.ts';

export interface MatMulSizes {
  /** Independent products of [m, k] and [k, n]. */
  batch: number;
  m: number;
  n: number;
  k: number;
  /** Whether all products use the same b. */
  sharedB: boolean;
}

/** The sizes of op(a)·op(b) as `MatMul` of program.ts defines them. Throws `internal:` when the shapes disagree. */
export function matMulSizes(
  aShape: readonly number[],
  bShape: readonly number[],
  attributes: { transA: boolean; transB: boolean; flattenK: boolean },
): MatMulSizes {
  const { transA, transB, flattenK } = attributes;
  const fail = (): never => {
    throw new Error(
      `internal: MatMul of [${aShape.join(', ')}] and [${bShape.join(', ')}] (transA ${transA}, transB ${transB}, flattenK ${flattenK})`,
    );
  };
  const rows = aShape[aShape.length - 2] ?? 1;
  const columns = aShape[aShape.length - 1];
  const leading = sizeOf(aShape.slice(0, -2));
  const bRows = bShape[bShape.length - 2] ?? 1;
  const bColumns = bShape[bShape.length - 1];
  const bLeading = sizeOf(bShape.slice(0, -2));
  const [k2, n] = transB ? [bColumns, bRows] : [bRows, bColumns];
  if (flattenK) {
    const k = leading * rows;
    if (!transA || transB || k !== bLeading * k2) fail();
    return { batch: 1, m: columns, n, k, sharedB: true };
  }
  const [m, k] = transA ? [columns, rows] : [rows, columns];
  if (k !== k2) fail();
  if (bShape.length > 2) {
    if (bLeading !== leading) fail();
    return { batch: leading, m, n, k, sharedB: false };
  }
  return transA
    ? { batch: leading, m, n, k, sharedB: true }
    : { batch: 1, m: leading * m, n, k, sharedB: true };
}
