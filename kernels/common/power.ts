/** Powers of four floats. */
import { exp4, log4 } from './functions';
import { choose } from './vector';

/** x^p. Whole powers up to 4 by multiplication, others as e^(p·ln |x|) with the sign of odd ones. */
export function power4(x: v128, p: f32): v128 {
  const one = f32x4.splat(1);
  if (p == 0) return one;
  if (p == 1) return x;
  if (p == 2) return f32x4.mul(x, x);
  if (p == 3) return f32x4.mul(f32x4.mul(x, x), x);
  if (p == 4) return f32x4.mul(f32x4.mul(x, x), f32x4.mul(x, x));
  if (p == 0.5) return f32x4.sqrt(x);
  if (p == -0.5) return f32x4.div(one, f32x4.sqrt(x));
  if (p == -1) return f32x4.div(one, x);
  if (p == -2) return f32x4.div(one, f32x4.mul(x, x));
  const size = f32x4.abs(x);
  let y = exp4(f32x4.mul(log4(size), f32x4.splat(p)));
  const whole = Mathf.floor(p) == p;
  const odd = whole && p - 2 * Mathf.floor(p * 0.5) == 1;
  // A fractional power of a negative number is NaN.
  const negative = whole ? (odd ? f32x4.neg(y) : y) : f32x4.splat(NaN);
  y = choose(f32x4.lt(x, f32x4.splat(0)), negative, y);
  return y;
}
