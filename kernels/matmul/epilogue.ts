/**
 * The end of a product, for one row:
 *   z = alpha · sum + bias + residual ;  y = act(z), or z · act′(gate)
 */
import { activate4, activationGradient4 } from '../common/activation';
import { madd, storeSome } from '../common/vector';

/** What is wanted, as bits: bias, residual, z. */
export const BIAS: i32 = 1;
export const RESIDUAL: i32 = 2;
export const PREACTIVATION: i32 = 4;

/** @inline */
function put(at: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(at, v);
  else storeSome(at, v, left);
}

/** @param at bytes of the row's first element from y, residual, gate and z; `column` that from bias */
export function finishRow(
  sums: usize,
  y: usize,
  bias: usize,
  residual: usize,
  gate: usize,
  z: usize,
  at: usize,
  column: usize,
  count: i32,
  alpha: f32,
  wanted: i32,
  activation: i32,
  gradient: i32,
): void {
  const factor = f32x4.splat(alpha);
  bias += column;
  y += at;
  residual += at;
  gate += at;
  z += at;
  const plain = (wanted & PREACTIVATION) == 0 && activation == 0 && gradient == 0;
  for (let left = count, o: usize = 0; left > 0; left -= 4, o += 16) {
    const sum = v128.load(sums + o);
    let value: v128;
    if (wanted & BIAS) {
      value = madd(sum, factor, v128.load(bias + o));
      if (wanted & RESIDUAL) value = f32x4.add(value, v128.load(residual + o));
    } else if (wanted & RESIDUAL) value = madd(sum, factor, v128.load(residual + o));
    else value = f32x4.mul(sum, factor);
    if (!plain) {
      if (wanted & PREACTIVATION) put(z + o, value, left);
      if (activation) value = activate4(activation, value);
      if (gradient) value = f32x4.mul(value, activationGradient4(gradient, v128.load(gate + o)));
    }
    put(y + o, value, left);
  }
}
