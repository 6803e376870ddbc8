/** What a core can do at most: multiply-adds in registers alone, reading and writing in order. For benchmarks. */
import { madd } from '../common/vector';

/** Does 10 · 4 · `turns` multiply-adds; the result keeps the compiler from dropping them. */
export function peak(turns: i32): f32 {
  const x = f32x4.splat(1.0000001);
  const y = f32x4.splat(1e-9);
  let c0 = x;
  let c1 = x;
  let c2 = x;
  let c3 = x;
  let c4 = x;
  let c5 = x;
  let c6 = x;
  let c7 = x;
  let c8 = x;
  let c9 = x;
  for (; turns > 0; turns--) {
    c0 = madd(c0, x, y);
    c1 = madd(c1, x, y);
    c2 = madd(c2, x, y);
    c3 = madd(c3, x, y);
    c4 = madd(c4, x, y);
    c5 = madd(c5, x, y);
    c6 = madd(c6, x, y);
    c7 = madd(c7, x, y);
    c8 = madd(c8, x, y);
    c9 = madd(c9, x, y);
  }
  const a = f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3));
  const b = f32x4.add(f32x4.add(c4, c5), f32x4.add(f32x4.add(c6, c7), f32x4.add(c8, c9)));
  return f32x4.extract_lane(f32x4.add(a, b), 0);
}

/** Adds up `bytes`, a multiple of 128, in order: as fast as they can be read. */
export function reading(at: usize, bytes: i32): f32 {
  const zero = f32x4.splat(0);
  let c0 = zero;
  let c1 = zero;
  let c2 = zero;
  let c3 = zero;
  for (const end = at + <usize>bytes; at < end; at += 128) {
    c0 = f32x4.add(c0, v128.load(at));
    c1 = f32x4.add(c1, v128.load(at, 16));
    c2 = f32x4.add(c2, v128.load(at, 32));
    c3 = f32x4.add(c3, v128.load(at, 48));
    c0 = f32x4.add(c0, v128.load(at, 64));
    c1 = f32x4.add(c1, v128.load(at, 80));
    c2 = f32x4.add(c2, v128.load(at, 96));
    c3 = f32x4.add(c3, v128.load(at, 112));
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), 0);
}

/** Writes `bytes`, a multiple of 32, in order. */
export function writing(at: usize, bytes: i32): void {
  const zero = f32x4.splat(0);
  for (const end = at + <usize>bytes; at < end; at += 32) {
    v128.store(at, zero);
    v128.store(at, zero, 16);
  }
}
