/** Hard-concrete gates (gate.ts) on their own, each way. Without `noisy` there is no noise. */
import { exp4, sigmoid4 } from '../common/functions';
import { uniforms } from '../common/philox';
import { stretch } from '../common/range';
import { SEED, STEP } from '../common/step';
import { put } from '../common/vector';
import { workMemory } from '../runtime/work';
import { clipped, heldUniforms, shareOpen, throughGate } from './gate';

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
  for (let from = first; from < end; from += BATCH) {
    const length = min(BATCH, end - from);
    let f = noisy
      ? uniforms(load<u32>(step, SEED), stream, load<u32>(step, STEP), from, length, workMemory())
      : workMemory();
    let p = alpha + ((<usize>from) << 2);
    let q = z + ((<usize>from) << 2);
    for (let i = 0; i < length; i += 4, p += 16, q += 16, f += 16) {
      const logits = v128.load(p);
      const open = noisy ? shareOpen(exp4(f32x4.neg(logits)), heldUniforms(f)) : sigmoid4(logits);
      put(q, clipped(open, low, high), length - i);
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
  for (; i < end; i += 4) {
    const o = (<usize>i) << 2;
    put(dalpha + o, throughGate(v128.load(dz + o), v128.load(z + o), low, high), end - i);
  }
}
