/**
 * Differences under hard-concrete gates (gate.ts) in one pass each way: y = base + w·z and the sum of σ(α)
 * forward, the gradients of w and α backward.
 */
import { exp4 } from '../common/functions';
import { uniforms } from '../common/philox';
import { stretch } from '../common/range';
import { SEED, STEP } from '../common/step';
import { firstLanes, madd, put, sumLanes } from '../common/vector';
import { workMemory } from '../runtime/work';
import { clipped, heldUniforms, shareOpen, throughGate } from './gate';

/** Elements whose uniforms are made, and whose σ(α) are added up, at a time: a long sum of equals loses digits. */
const BATCH: i32 = 1024;

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
  const half = f32x4.splat(0.5);
  let total: f64 = 0;
  for (let from = first; from < end; from += BATCH) {
    const length = min(BATCH, end - from);
    let f = noisy
      ? uniforms(load<u32>(step, SEED), stream, load<u32>(step, STEP), from, length, workMemory())
      : workMemory();
    let o = (<usize>from) << 2;
    let sum = f32x4.splat(0);
    for (let i = 0; i < length; i += 4, o += 16, f += 16) {
      const left = length - i;
      const e = exp4(f32x4.neg(v128.load(alpha + o)));
      const s = shareOpen(e, noisy ? heldUniforms(f) : half);
      const gate = clipped(s, low, high);
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
  const one = f32x4.splat(1);
  const weight = v128.load32_splat(dopen);
  for (; i < end; i += 4) {
    const o = (<usize>i) << 2;
    const left = end - i;
    const d = v128.load(dy + o);
    const v = v128.load(z + o);
    let da = throughGate(f32x4.mul(d, v128.load(w + o)), v, low, high);
    if (summed) {
      const s = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(alpha + o)))));
      da = madd(weight, f32x4.mul(s, f32x4.sub(one, s)), da);
    }
    put(dw + o, f32x4.mul(d, v), left);
    put(dalpha + o, da, left);
  }
}
