/**
 * Inverted dropout (Srivastava et al., 2014): y = x / (1 − rate) where kept, else 0. Element i is kept when word i of
 * the Philox stream (seed, stream, step) is at least `threshold` = ⌈rate·2²⁴⌉ in its upper 24 bits, which is u ≥ rate
 * exactly. The same mask applied to dy is the gradient.
 */
import { keepFactors } from '../common/philox';
import { stretch } from '../common/range';
import { SEED, STEP } from '../common/step';
import { storeSome } from '../common/vector';
import { workMemory } from '../runtime/work';

/** Elements whose factors are made at a time. */
const BATCH: i32 = 4096;

/** x, y: [count]; step: the step block */
export function dropout(
  part: i32,
  parts: i32,
  x: usize,
  y: usize,
  step: usize,
  count: i32,
  threshold: i32,
  scale: f32,
  stream: i32,
): void {
  const each = stretch(count, parts, 16);
  const first = min(part * each, count);
  const end = min(first + each, count);
  for (let from = first; from < end; from += BATCH) {
    const length = min(BATCH, end - from);
    let f = keepFactors(
      load<u32>(step, SEED),
      stream,
      load<u32>(step, STEP),
      from,
      length,
      threshold,
      scale,
      workMemory(),
    );
    let p = x + ((<usize>from) << 2);
    let q = y + ((<usize>from) << 2);
    let i = 0;
    for (; i <= length - 4; i += 4, p += 16, q += 16, f += 16)
      v128.store(q, f32x4.mul(v128.load(p), v128.load(f)));
    if (i < length) storeSome(q, f32x4.mul(v128.load(p), v128.load(f)), length - i);
  }
}
