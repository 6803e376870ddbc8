/**
 * Hard-concrete gates (Louizos et al., 2018): z = clip(s·(high − low) + low, 0, 1), s = σ(α + noise), where noise =
 * ln(u / (1 − u)) of the uniform u of the element's word of the Philox stream, held between 1e-4 and 1 − 1e-4 (Guo et
 * al., 2021). Without `noisy` there is none.
 */
import { exp4, sigmoid4 } from '../common/functions';
import { uniforms } from '../common/philox';
import { stretch } from '../common/range';
import { SEED, STEP } from '../common/step';
import { madd, storeSome } from '../common/vector';
import { workMemory } from '../runtime/work';

/** Elements whose uniforms are made at a time. */
const BATCH: i32 = 4096;

/** α, z: [count]; step: the step block */
export function hardConcrete(
  part: i32,
  parts: i32,
  alpha: usize,
  z: usize,
  step: usize,
  count: i32,
  low: f32,
  high: f32,
  noisy: i32,
  stream: i32,
): void {
  const each = stretch(count, parts, 16);
  const first = min(part * each, count);
  const end = min(first + each, count);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const width = f32x4.splat(high - low);
  const base = f32x4.splat(low);
  for (let from = first; from < end; from += BATCH) {
    const length = min(BATCH, end - from);
    let f = noisy
      ? uniforms(load<u32>(step, SEED), stream, load<u32>(step, STEP), from, length, workMemory())
      : workMemory();
    let p = alpha + ((<usize>from) << 2);
    let q = z + ((<usize>from) << 2);
    for (let i = 0; i < length; i += 4, p += 16, q += 16, f += 16) {
      let s = v128.load(p);
      if (noisy) {
        // σ(α + ln(u / (1 − u))) = u / (u + e^−α·(1 − u)): no logarithm.
        const u = f32x4.min(f32x4.max(v128.load(f), f32x4.splat(1e-4)), f32x4.splat(0.9999));
        s = f32x4.div(u, madd(exp4(f32x4.neg(s)), f32x4.sub(one, u), u));
      } else s = sigmoid4(s);
      s = madd(s, width, base);
      const clipped = f32x4.min(f32x4.max(s, zero), one);
      if (length - i >= 4) v128.store(q, clipped);
      else storeSome(q, clipped, length - i);
    }
  }
}

/** dα = dz·(z − low)(high − z)/(high − low) where 0 < z < 1, else 0; dz, z, dα: [count] */
export function hardConcreteGrad(
  part: i32,
  parts: i32,
  dz: usize,
  z: usize,
  dalpha: usize,
  count: i32,
  low: f32,
  high: f32,
): void {
  const each = stretch(count, parts, 16);
  let i = min(part * each, count);
  const end = min(i + each, count);
  const scale = f32x4.splat(<f32>1 / (high - low));
  for (; i < end; i += 4) {
    const o = (<usize>i) << 2;
    const v = v128.load(z + o);
    const slope = f32x4.mul(
      f32x4.mul(f32x4.sub(v, f32x4.splat(low)), f32x4.sub(f32x4.splat(high), v)),
      scale,
    );
    const inside = v128.and(f32x4.gt(v, f32x4.splat(0)), f32x4.lt(v, f32x4.splat(1)));
    const d = v128.and(f32x4.mul(v128.load(dz + o), slope), inside);
    if (end - i >= 4) v128.store(dalpha + o, d);
    else storeSome(dalpha + o, d, end - i);
  }
}
