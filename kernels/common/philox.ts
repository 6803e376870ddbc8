/**
 * Philox4x32-10 (Salmon et al., SC 2011), word for word as in src/graph/philox.ts: key = (seed, stream), counter =
 * (index / 4, step, 0, 0), element `index` is word index % 4. Four blocks at a time, a word of each in a vector.
 */

const FACTORS: i32 = 0;
const UNIFORMS: i32 = 1;
const WORDS: i32 = 2;

/** @inline The low words of four 64-bit products. */
function low(pair: v128, other: v128): v128 {
  return v128.shuffle<i32>(pair, other, 0, 2, 4, 6);
}

/** @inline The high words. */
function high(pair: v128, other: v128): v128 {
  return v128.shuffle<i32>(pair, other, 1, 3, 5, 7);
}

/**
 * What dropout multiplies elements by: 0, or `scale` where the upper 24 bits of the element's word are at least
 * `threshold`. Writes whole blocks from the one of element `index` on, for `count` elements, to memory with room for
 * count + 22 floats.
 * @returns the address of the factor of element `index`
 */
export function keepFactors(
  seed: u32,
  stream: u32,
  step: u32,
  index: u32,
  count: i32,
  threshold: i32,
  scale: f32,
  to: usize,
): usize {
  return elements(seed, stream, step, index, count, FACTORS, threshold, scale, to);
}

/** Uniforms in [0, 1) with 24 bits, laid out as `keepFactors` lays out its factors. */
export function uniforms(seed: u32, stream: u32, step: u32, index: u32, count: i32, to: usize): usize {
  return elements(seed, stream, step, index, count, UNIFORMS, 0, 0, to);
}

/** The words themselves, from the one of number `index` on, a multiple of 4; `count` is one of 16. */
export function words(seed: u32, stream: u32, index: u32, count: i32, to: usize): void {
  elements(seed, stream, 0, index, count, WORDS, 0, 0, to);
}

/** @inline What either makes of the words. */
function elements(
  seed: u32,
  stream: u32,
  step: u32,
  index: u32,
  count: i32,
  kind: i32,
  threshold: i32,
  scale: f32,
  to: usize,
): usize {
  const first = index >> 2;
  const skipped = index & 3;
  const blocks = (<i32>skipped + count + 3) >> 2;
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  const limit = i32x4.splat(threshold);
  const factor = f32x4.splat(scale);
  let at = to;
  for (let block = 0; block < blocks; block += 4, at += 64) {
    let c0 = i32x4.add(i32x4.splat(first + block), i32x4(0, 1, 2, 3));
    let c1 = i32x4.splat(step);
    let c2 = i32x4.splat(0);
    let c3 = c2;
    let k0 = seed;
    let k1 = stream;
    for (let round = 0; round < 10; round++) {
      const a = i64x2.extmul_low_i32x4_u(c0, m0);
      const b = i64x2.extmul_high_i32x4_u(c0, m0);
      const c = i64x2.extmul_low_i32x4_u(c2, m1);
      const d = i64x2.extmul_high_i32x4_u(c2, m1);
      c0 = v128.xor(v128.xor(high(c, d), c1), i32x4.splat(k0));
      c1 = low(c, d);
      c2 = v128.xor(v128.xor(high(a, b), c3), i32x4.splat(k1));
      c3 = low(a, b);
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    // Words 0 to 3 of four blocks → the elements of one block after the other.
    const low01 = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
    const low23 = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
    const high23 = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
    put4(kind, at, v128.shuffle<i32>(low01, low23, 0, 1, 4, 5), limit, factor);
    put4(kind, at + 16, v128.shuffle<i32>(low01, low23, 2, 3, 6, 7), limit, factor);
    put4(kind, at + 32, v128.shuffle<i32>(high01, high23, 0, 1, 4, 5), limit, factor);
    put4(kind, at + 48, v128.shuffle<i32>(high01, high23, 2, 3, 6, 7), limit, factor);
  }
  return to + ((<usize>skipped) << 2);
}

/** @inline */
function put4(kind: i32, at: usize, words: v128, limit: v128, factor: v128): void {
  const upper = i32x4.shr_u(words, 8);
  if (kind == WORDS) v128.store(at, words);
  else if (kind == UNIFORMS)
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_u(upper), f32x4.splat(1.0 / 16777216.0)));
  else v128.store(at, v128.and(i32x4.ge_s(upper, limit), factor));
}
