/** The best approximation of a change of weights by a product of two narrow matrices, and what it leaves out. */
import { principalPart } from '../../deltas/pissa.ts';

export interface LowRank {
  /** [in, rank], row-major. */
  a: Float32Array;
  /** [rank, out], row-major. */
  b: Float32Array;
  /** Squares of what the product leaves out, and of the whole change, summed. */
  left: number;
  whole: number;
}

/**
 * By the singular values of the change (Eckart and Young, 1936).
 * @param change row-major [in, out]
 */
export function lowRank(
  change: Float32Array,
  inFeatures: number,
  outFeatures: number,
  rank: number,
): LowRank {
  const { a, b, residual } = principalPart(change, inFeatures, outFeatures, false, rank, 1);
  return { a, b, left: squares(residual), whole: squares(change) };
}

/** ‖left‖ / ‖whole‖ in the Frobenius norm; 0 where nothing changed. */
export function relativeError(parts: readonly Pick<LowRank, 'left' | 'whole'>[]): number {
  const [left, whole] = (['left', 'whole'] as const).map((name) =>
    parts.reduce((sum, part) => sum + part[name], 0),
  );
  return whole === 0 ? 0 : Math.sqrt(left / whole);
}

function squares(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
