/** Vectors of four floats: multiply-add, horizontal sums, ends of rows. */

/** @inline a·b + c, fused where the engine has relaxed SIMD. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** @inline c − a·b */
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** @inline The sum of the lanes, always in the same order. */
export function sumLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 2) +
    (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3))
  );
}

/** @inline The largest lane; NaN where one is. */
export function maxLanes(v: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** @inline a where the mask is set, else b. */
export function choose(mask: v128, a: v128, b: v128): v128 {
  return v128.bitselect(a, b, mask);
}

/** Stores the first `count` lanes, 1 to 3. Reading four where fewer are left is harmless; writing is not. */
export function storeSome(at: usize, v: v128, count: i32): void {
  v128.store32_lane(at, v, 0);
  if (count > 1) v128.store32_lane(at, v, 1, 4);
  if (count > 2) v128.store32_lane(at, v, 2, 8);
}

/** @inline Stores a vector at the end of a stretch: all of it, or the lanes that are left. */
export function put(at: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(at, v);
  else storeSome(at, v, left);
}

/** The first `count` lanes, the others `rest`. */
export function firstLanes(v: v128, count: i32, rest: f32): v128 {
  const lanes = v128(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0);
  return choose(i32x4.lt_s(lanes, i32x4.splat(count)), v, f32x4.splat(rest));
}
