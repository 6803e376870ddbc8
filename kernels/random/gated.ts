/**
 * Differences under hard-concrete gates (hard-concrete.ts) in one pass each way: y = base + w·z and the sum of σ(α)
 * forward, the gradients of w and α backward.
 */
import { exp4 } from '../common/functions';
import { uniforms } from '../common/philox';
import { stretch } from '../common/range';
import { SEED, STEP } from '../common/step';
import { firstLanes, madd, storeSome, sumLanes } from '../common/vector';
import { workMemory } from '../runtime/work';

/** Elements whose uniforms are made, and whose σ(α) are added up, at a time: a long sum of equals loses digits. */
const BATCH: i32 = 1024;

/** @inline */
function put(at: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(at, v);
  else storeSome(at, v, left);
}

/**
 * y = based ? base + w·z : w·z, where `kept` z too, and where `summed` open[part] = Σ σ(α) of the part.
 * w, α, base, y, z: [count]; open: [parts]; step: the step block
 */
export function gated(
  part: i32,
  parts: i32,
  w: usize,
  alpha: usize,
  base: usize,
  y: usize,
  z: usize,
  open: usize,
  step: usize,
  count: i32,
  low: f32,
  high: f32,
  noisy: i32,
  stream: i32,
  based: i32,
  kept: i32,
  summed: i32,
): void {
  const each = stretch(count, parts, 16);
  const first = min(part * each, count);
  const end = min(first + each, count);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const half = f32x4.splat(0.5);
  const width = f32x4.splat(high - low);
  const bottom = f32x4.splat(low);
  let total: f64 = 0;
  for (let from = first; from < end; from += BATCH) {
    const length = min(BATCH, end - from);
    let f = noisy
      ? uniforms(load<u32>(step, SEED), stream, load<u32>(step, STEP), from, length, workMemory())
      : workMemory();
    let o = (<usize>from) << 2;
    let sum = zero;
    for (let i = 0; i < length; i += 4, o += 16, f += 16) {
      const left = length - i;
      // σ(α + ln(u / (1 − u))) = u / (u + e^−α·(1 − u)), of which σ(α) is that of u = ½.
      const e = exp4(f32x4.neg(v128.load(alpha + o)));
      const u = noisy ? f32x4.min(f32x4.max(v128.load(f), f32x4.splat(1e-4)), f32x4.splat(0.9999)) : half;
      const s = f32x4.div(u, madd(e, f32x4.sub(one, u), u));
      const gate = f32x4.min(f32x4.max(madd(s, width, bottom), zero), one);
      if (summed) {
        const expected = noisy ? f32x4.div(one, f32x4.add(one, e)) : s;
        sum = f32x4.add(sum, left >= 4 ? expected : firstLanes(expected, left, 0));
      }
      if (kept) put(z + o, gate, left);
      const difference = f32x4.mul(v128.load(w + o), gate);
      put(y + o, based ? f32x4.add(v128.load(base + o), difference) : difference, left);
    }
    total += <f64>sumLanes(sum);
  }
  if (summed) store<f32>(open + ((<usize>part) << 2), <f32>total);
}

/**
 * dw = dy·z; dα = dy·w·(z − low)(high − z)/(high − low) where 0 < z < 1, and `summed` times dopen·σ(α)(1 − σ(α)).
 * dy, w, z, α, dw, dα: [count]; dopen: [1]
 */
export function gatedGrad(
  part: i32,
  parts: i32,
  dy: usize,
  w: usize,
  z: usize,
  alpha: usize,
  dopen: usize,
  dw: usize,
  dalpha: usize,
  count: i32,
  low: f32,
  high: f32,
  summed: i32,
): void {
  const each = stretch(count, parts, 16);
  let i = min(part * each, count);
  const end = min(i + each, count);
  const scale = f32x4.splat(<f32>1 / (high - low));
  const one = f32x4.splat(1);
  const weight = v128.load32_splat(dopen);
  for (; i < end; i += 4) {
    const o = (<usize>i) << 2;
    const left = end - i;
    const d = v128.load(dy + o);
    const v = v128.load(z + o);
    const slope = f32x4.mul(
      f32x4.mul(f32x4.sub(v, f32x4.splat(low)), f32x4.sub(f32x4.splat(high), v)),
      scale,
    );
    const inside = v128.and(f32x4.gt(v, f32x4.splat(0)), f32x4.lt(v, one));
    let da = v128.and(f32x4.mul(f32x4.mul(d, v128.load(w + o)), slope), inside);
    if (summed) {
      const s = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(alpha + o)))));
      da = madd(weight, f32x4.mul(s, f32x4.sub(one, s)), da);
    }
    put(dw + o, f32x4.mul(d, v), left);
    put(dalpha + o, da, left);
  }
}
