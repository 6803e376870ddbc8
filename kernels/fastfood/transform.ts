/** The Walsh–Hadamard transform: for power-of-two lengths of at least 64, in place, without a factor. */
import { stretch } from '../common/range';

/** y = H x, row by row; x, y: [rows, size] */
export function hadamard(part: i32, parts: i32, x: usize, y: usize, rows: i32, size: i32): void {
  const each = stretch(rows, parts, 1);
  const last = min((part + 1) * each, rows);
  const bytes = (<usize>size) << 2;
  for (let row = part * each; row < last; row++) {
    const at = <usize>row * bytes;
    memory.copy(y + at, x + at, bytes);
    transform(y + at, size);
  }
}

/** @inline Adds and subtracts neighbours at distances one and two within a vector. */
function within(v: v128): v128 {
  const pairs = f32x4.add(v128.shuffle<i32>(v, v, 1, 0, 3, 2), f32x4.mul(v, f32x4(1, -1, 1, -1)));
  return f32x4.add(v128.shuffle<i32>(pairs, pairs, 2, 3, 0, 1), f32x4.mul(pairs, f32x4(1, 1, -1, -1)));
}

/** Two steps at a time; a last one alone where their number is odd. @param size a power of two from 64 on */
export function transform(at: usize, size: i32): void {
  const bytes = (<usize>size) << 2;
  const end = at + bytes;
  // Distances 1, 2, 4 and 8.
  for (let p = at; p < end; p += 64) {
    const a = within(v128.load(p));
    const b = within(v128.load(p, 16));
    const c = within(v128.load(p, 32));
    const d = within(v128.load(p, 48));
    store4(p, 16, a, b, c, d);
  }
  let near: usize = 64;
  for (; near << 2 <= bytes; near <<= 2) {
    for (let p = at; p < end; p += near << 2) {
      for (let q = p; q < p + near; q += 16) {
        const a = v128.load(q);
        const b = v128.load(q + near);
        const c = v128.load(q + (near << 1));
        const d = v128.load(q + near * 3);
        store4(q, near, a, b, c, d);
      }
    }
  }
  if (near < bytes) {
    for (let q = at; q < at + near; q += 16) {
      const a = v128.load(q);
      const b = v128.load(q + near);
      v128.store(q, f32x4.add(a, b));
      v128.store(q + near, f32x4.sub(a, b));
    }
  }
}

/** @inline The transform of four vectors, to places `apart` bytes from each other. */
function store4(at: usize, apart: usize, a: v128, b: v128, c: v128, d: v128): void {
  const e = f32x4.add(a, b);
  const f = f32x4.sub(a, b);
  const g = f32x4.add(c, d);
  const h = f32x4.sub(c, d);
  v128.store(at, f32x4.add(e, g));
  v128.store(at + apart, f32x4.add(f, h));
  v128.store(at + (apart << 1), f32x4.sub(e, g));
  v128.store(at + apart * 3, f32x4.sub(f, h));
}
