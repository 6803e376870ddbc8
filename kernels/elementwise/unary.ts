/** y = f(x) and dx = dy · f′(v), element by element; see functions.ts for f by `kind` and `factor`. */
import { stretch } from '../common/range';
import { storeSome } from '../common/vector';
import { activateMany, slopeMany } from '../common/activation';
import { ACTIVATIONS, unary4, unaryDerivative4 } from './functions';

/** x, y: [count] */
export function unary(part: i32, parts: i32, x: usize, y: usize, count: i32, kind: i32, factor: f32): void {
  const each = stretch(count, parts, 16);
  let i = min(part * each, count);
  const end = min(i + each, count);
  x += (<usize>i) << 2;
  y += (<usize>i) << 2;
  if (kind < ACTIVATIONS) {
    activateMany(kind + 1, x, y, end - i);
    return;
  }
  for (; i <= end - 4; i += 4, x += 16, y += 16) v128.store(y, unary4(kind, factor, v128.load(x)));
  if (i < end) storeSome(y, unary4(kind, factor, v128.load(x)), end - i);
}

/** dy, v, dx: [count] */
export function unaryGrad(
  part: i32,
  parts: i32,
  dy: usize,
  v: usize,
  dx: usize,
  count: i32,
  kind: i32,
  factor: f32,
): void {
  const each = stretch(count, parts, 16);
  let i = min(part * each, count);
  const end = min(i + each, count);
  const offset = (<usize>i) << 2;
  dy += offset;
  v += offset;
  dx += offset;
  if (kind < ACTIVATIONS) {
    slopeMany(kind + 1, dy, v, dx, end - i);
    return;
  }
  for (; i <= end - 4; i += 4, dy += 16, v += 16, dx += 16)
    v128.store(dx, f32x4.mul(v128.load(dy), unaryDerivative4(kind, factor, v128.load(v))));
  if (i < end) storeSome(dx, f32x4.mul(v128.load(dy), unaryDerivative4(kind, factor, v128.load(v))), end - i);
}
