/**
 * The global norm of gradients (Pascanu et al., 2013), and accumulation. norm: [|g|, scale, finite, 0] with scale =
 * min(1, maxGradNorm / (|g| + 1e-6)) as PyTorch's clip_grad_norm_, 1 when maxGradNorm is 0; finite is 0 when the norm
 * is NaN or infinite, and then the updates change nothing.
 */
import { stretch } from '../common/range';
import { FLAGS, LOSS_SCALE } from '../common/step';
import { rowSum } from '../common/sums';
import { firstLanes, madd, storeSome, sumLanes } from '../common/vector';

/** partials[offset + part] = Σ g² of the part; gradients: [count] */
export function normPartial(
  part: i32,
  parts: i32,
  gradients: usize,
  partials: usize,
  count: i32,
  offset: i32,
): void {
  const each = stretch(count, parts, 16);
  const first = min(part * each, count);
  const end = min(first + each, count);
  let at = gradients + ((<usize>first) << 2);
  let a = f32x4.splat(0);
  let b = a;
  let i = first;
  for (; i <= end - 8; i += 8, at += 32) {
    const low = v128.load(at);
    const high = v128.load(at, 16);
    a = madd(low, low, a);
    b = madd(high, high, b);
  }
  for (; i < end; i += 4, at += 16) {
    const v = firstLanes(v128.load(at), end - i, 0);
    a = madd(v, v, a);
  }
  store<f32>(partials + ((<usize>(offset + part)) << 2), sumLanes(f32x4.add(a, b)));
}

/** One part; gradients are 1 / unscale, a power of two, times too large. partials: [count] */
export function normFinish(
  part: i32,
  parts: i32,
  partials: usize,
  norm: usize,
  count: i32,
  maxGradNorm: f32,
  unscale: f32,
): void {
  const total = sqrt<f32>(rowSum(partials, count)) * unscale;
  const finite = (reinterpret<u32>(total) & 0x7f800000) != 0x7f800000;
  store<f32>(norm, total);
  const clipped = maxGradNorm > 0 ? min<f32>(1, maxGradNorm / (total + <f32>1e-6)) : <f32>1;
  store<f32>(norm, unscale * clipped, 4);
  store<f32>(norm, finite ? <f32>1 : <f32>0, 8);
  store<f32>(norm, 0, 12);
}

/** sum = first ? s·g : sum + s·g, with s the step block's lossScale and `first` bit 0 of its flags; sum, g: [count] */
export function accumulate(
  part: i32,
  parts: i32,
  sum: usize,
  gradients: usize,
  step: usize,
  count: i32,
): void {
  const each = stretch(count, parts, 16);
  const end = min((part + 1) * each, count);
  const fresh = (load<u32>(step, FLAGS) & 1) != 0;
  const scale = v128.load32_splat(step, LOSS_SCALE);
  for (let i = part * each; i < end; i += 4) {
    const o = (<usize>i) << 2;
    const before = fresh ? f32x4.splat(0) : v128.load(sum + o);
    const value = madd(scale, v128.load(gradients + o), before);
    if (end - i >= 4) v128.store(sum + o, value);
    else storeSome(sum + o, value, end - i);
  }
}
