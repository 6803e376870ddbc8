/**
 * Updates of packed buffers, [count] each, with g = gradient · norm.scale. They do nothing when norm.finite is 0.
 * Learning rate and corrections come from the step block.
 */
import { stretch } from '../common/range';
import { BETA1_CORRECTION, BETA2_CORRECTION, LEARNING_RATE } from '../common/step';
import { madd, nmadd, put } from '../common/vector';

/**
 * AdamW (Loshchilov and Hutter, 2019), in PyTorch's order:
 *   p = p − lr·wd·p;  m = β₁m + (1 − β₁)g;  v = β₂v + (1 − β₂)g²
 *   p = p − (lr / (1 − β₁ᵗ)) m / (√v / √(1 − β₂ᵗ) + ε)
 */
export function adamw(
  part: i32,
  parts: i32,
  parameters: usize,
  gradients: usize,
  firstMoment: usize,
  secondMoment: usize,
  norm: usize,
  step: usize,
  count: i32,
  weightDecay: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
  learningRateScale: f32,
): void {
  if (load<f32>(norm, 8) == 0) return;
  const each = stretch(count, parts, 16);
  const end = min((part + 1) * each, count);
  const rate = load<f32>(step, LEARNING_RATE) * learningRateScale;
  const scale = v128.load32_splat(norm, 4);
  const decay = f32x4.splat(rate * weightDecay);
  const pace = f32x4.splat(rate / load<f32>(step, BETA1_CORRECTION));
  const spread = f32x4.splat(sqrt<f32>(load<f32>(step, BETA2_CORRECTION)));
  for (let i = part * each; i < end; i += 4) {
    const o = (<usize>i) << 2;
    const g = f32x4.mul(v128.load(gradients + o), scale);
    const m = madd(f32x4.splat(beta1), v128.load(firstMoment + o), f32x4.mul(f32x4.splat(oneMinusBeta1), g));
    const square = f32x4.mul(f32x4.mul(f32x4.splat(oneMinusBeta2), g), g);
    const v = madd(f32x4.splat(beta2), v128.load(secondMoment + o), square);
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v), spread), f32x4.splat(epsilon));
    const before = v128.load(parameters + o);
    const p = f32x4.sub(nmadd(decay, before, before), f32x4.div(f32x4.mul(pace, m), denominator));
    put(parameters + o, p, end - i);
    put(firstMoment + o, m, end - i);
    put(secondMoment + o, v, end - i);
  }
}

/** SGD with momentum as PyTorch's, dampening 0: velocity = momentum·velocity + (g + wd·p);  p = p − lr·velocity */
export function sgd(
  part: i32,
  parts: i32,
  parameters: usize,
  gradients: usize,
  velocity: usize,
  norm: usize,
  step: usize,
  count: i32,
  weightDecay: f32,
  momentum: f32,
  learningRateScale: f32,
): void {
  if (load<f32>(norm, 8) == 0) return;
  const each = stretch(count, parts, 16);
  const end = min((part + 1) * each, count);
  const rate = f32x4.splat(load<f32>(step, LEARNING_RATE) * learningRateScale);
  const scale = v128.load32_splat(norm, 4);
  for (let i = part * each; i < end; i += 4) {
    const o = (<usize>i) << 2;
    const before = v128.load(parameters + o);
    const g = madd(f32x4.splat(weightDecay), before, f32x4.mul(v128.load(gradients + o), scale));
    const next = madd(f32x4.splat(momentum), v128.load(velocity + o), g);
    put(velocity + o, next, end - i);
    put(parameters + o, nmadd(rate, next, before), end - i);
  }
}
