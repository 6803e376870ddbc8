/**
 * The Fastfood projection (Le, Sarlós and Smola, 2013; src/graph/fastfood.ts) and its transpose. The output's elements,
 * in flat order, are blocks of `block` numbers: block k is scale · H Σⱼ Gₖⱼ uⱼ. Work comes in segments: the blocks
 * themselves, or with `byRows` the rows that ids name, each with the blocks it lies in. A key is the seed and the stream of
 * G, and the factor.
 */
import { madd, storeSome } from '../common/vector';
import { words } from '../common/philox';
import { stretch } from '../common/range';
import { workMemory } from '../runtime/work';
import { transform } from './transform';

/** @inline G of the four elements whose bytes are a word. */
function normals(word: u32, normal: usize): v128 {
  let g = v128.load32_zero(normal + ((word & 255) << 2));
  g = v128.load32_lane(normal + ((word >> 6) & 1020), g, 1);
  g = v128.load32_lane(normal + ((word >> 14) & 1020), g, 2);
  return v128.load32_lane(normal + ((word >> 22) & 1020), g, 3);
}

/** v = H Σⱼ Gₖⱼ uⱼ; u: [chunks, block]; v: [block], and as many bytes behind it */
function blockOf(v: usize, u: usize, normal: usize, k: i32, key: usize, block: i32, chunks: i32): void {
  const drawn = v + ((<usize>block) << 2);
  for (let j = 0; j < chunks; j++) {
    words(load<u32>(key), load<u32>(key, 4), <u32>(k * chunks + j) * <u32>(block >> 2), block >> 2, drawn);
    const from = u + ((<usize>(j * block)) << 2);
    for (let i = 0; i < block; i += 4) {
      const o = (<usize>i) << 2;
      const product = f32x4.mul(normals(load<u32>(drawn + <usize>i), normal), v128.load(from + o));
      v128.store(v + o, j == 0 ? product : f32x4.add(v128.load(v + o), product));
    }
  }
  transform(v, block);
}

/** y = base + the projection; base: [elements]; ids: [segments] with `byRows`; y: [elements] or [segments, columns] */
export function project(
  part: i32,
  parts: i32,
  base: usize,
  u: usize,
  normal: usize,
  key: usize,
  ids: usize,
  y: usize,
  elements: i32,
  columns: i32,
  segments: i32,
  byRows: i32,
  block: i32,
  chunks: i32,
): void {
  const each = stretch(segments, parts, 1);
  const last = min((part + 1) * each, segments);
  const v = workMemory();
  const factor = v128.load32_splat(key, 8);
  let there = -1;
  for (let s = part * each; s < last; s++) {
    const start = byRows ? load<i32>(ids + ((<usize>s) << 2)) * columns : s * block;
    const end = byRows ? start + columns : min(start + block, elements);
    let to = y + ((<usize>(byRows ? s * columns : start)) << 2);
    for (let at = start; at < end;) {
      const k = at / block;
      if (k != there) blockOf(v, u, normal, k, key, block, chunks);
      there = k;
      const count = min(end, (k + 1) * block) - at;
      const from = base + ((<usize>at) << 2);
      const own = v + ((<usize>(at - k * block)) << 2);
      for (let i = 0; i < count; i += 4) {
        const o = (<usize>i) << 2;
        const sum = madd(v128.load(own + o), factor, v128.load(from + o));
        if (count - i >= 4) v128.store(to + o, sum);
        else storeSome(to + o, sum, count - i);
      }
      at += count;
      to += (<usize>count) << 2;
    }
  }
}

/** partial[part] = Σ over its segments of Gₖⱼ H dy; dy: as y above; partial: [parts, chunks, block] */
export function transposed(
  part: i32,
  parts: i32,
  dy: usize,
  normal: usize,
  key: usize,
  ids: usize,
  partial: usize,
  elements: i32,
  columns: i32,
  segments: i32,
  byRows: i32,
  block: i32,
  chunks: i32,
): void {
  const each = stretch(segments, parts, 1);
  const last = min((part + 1) * each, segments);
  const v = workMemory();
  const bytes = (<usize>block) << 2;
  const sum = partial + <usize>part * <usize>chunks * bytes;
  memory.fill(sum, 0, <usize>chunks * bytes);
  for (let s = part * each; s < last; s++) {
    const start = byRows ? load<i32>(ids + ((<usize>s) << 2)) * columns : s * block;
    const end = byRows ? start + columns : min(start + block, elements);
    let from = dy + ((<usize>(byRows ? s * columns : start)) << 2);
    for (let at = start; at < end;) {
      const k = at / block;
      const count = min(end, (k + 1) * block) - at;
      memory.fill(v, 0, bytes);
      memory.copy(v + ((<usize>(at - k * block)) << 2), from, (<usize>count) << 2);
      transform(v, block);
      const drawn = v + bytes;
      for (let j = 0; j < chunks; j++) {
        words(
          load<u32>(key),
          load<u32>(key, 4),
          <u32>(k * chunks + j) * <u32>(block >> 2),
          block >> 2,
          drawn,
        );
        const own = sum + <usize>j * bytes;
        for (let i = 0; i < block; i += 4) {
          const o = (<usize>i) << 2;
          const g = normals(load<u32>(drawn + <usize>i), normal);
          v128.store(own + o, madd(g, v128.load(v + o), v128.load(own + o)));
        }
      }
      at += count;
      from += (<usize>count) << 2;
    }
  }
}

/** y = sum + scale · Σ over the parts; partial: [many, count]; sum, y: [count], sum only where `added` */
export function total(
  part: i32,
  parts: i32,
  partial: usize,
  sum: usize,
  key: usize,
  y: usize,
  count: i32,
  many: i32,
  added: i32,
): void {
  const each = stretch(count, parts, 4);
  const last = min((part + 1) * each, count);
  const row = (<usize>count) << 2;
  const factor = v128.load32_splat(key, 8);
  for (let i = part * each; i < last; i += 4) {
    const o = (<usize>i) << 2;
    let all = f32x4.splat(0);
    for (let p = 0; p < many; p++) all = f32x4.add(all, v128.load(partial + <usize>p * row + o));
    const before = added ? v128.load(sum + o) : f32x4.splat(0);
    v128.store(y + o, madd(all, factor, before));
  }
}
