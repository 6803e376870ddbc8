/**
 * The end of a product, for one row:
 *   z = alpha · sum + bias + residual ;  y = act(z), or z · act′(gate)
 */
import { activate4, activationGradient4 } from '../common/activation';
import { put } from '../common/vector';

/** The last columns of a row, 1 to 7. `wanted`: bits 1 bias, 2 residual, 4 z. */
export function finishRow(
  sums: usize,
  y: usize,
  bias: usize,
  residual: usize,
  gate: usize,
  z: usize,
  count: i32,
  alpha: f32,
  wanted: i32,
  activation: i32,
  gradient: i32,
): void {
  const factor = f32x4.splat(alpha);
  for (let left = count, o: usize = 0; left > 0; left -= 4, o += 16) {
    let value = f32x4.mul(v128.load(sums + o), factor);
    if (wanted & 1) value = f32x4.add(value, v128.load(bias + o));
    if (wanted & 2) value = f32x4.add(value, v128.load(residual + o));
    if (wanted & 4) put(z + o, value, left);
    if (activation) value = activate4(activation, value);
    if (gradient) value = f32x4.mul(value, activationGradient4(gradient, v128.load(gate + o)));
    put(y + o, value, left);
  }
}
