/**
 * Strided views of up to five axes (src/plan/lower/strides.ts), walked row by row along the last axis: where row
 * `row` of a view begins, given the first four axes' lengths and the view's steps along them, in elements.
 */

/** Element at which row `row` begins. */
export function rowOf(row: i32, d1: i32, d2: i32, d3: i32, s0: i32, s1: i32, s2: i32, s3: i32): i32 {
  const i3 = row % d3;
  row /= d3;
  const i2 = row % d2;
  row /= d2;
  const i1 = row % d1;
  return (row / d1) * s0 + i1 * s1 + i2 * s2 + i3 * s3;
}

/** @inline Four elements of a row: neighbours, one repeated, or any step, in elements. */
export function load4(at: usize, step: i32): v128 {
  if (step == 1) return v128.load(at);
  if (step == 0) return v128.load32_splat(at);
  const bytes = (<usize>step) << 2;
  let v = v128.load32_zero(at);
  v = v128.load32_lane(at + bytes, v, 1);
  v = v128.load32_lane(at + 2 * bytes, v, 2);
  return v128.load32_lane(at + 3 * bytes, v, 3);
}

/** Up to three elements of a row that has no more; the other lanes are the last one's. */
export function loadSome(at: usize, step: i32, count: i32): v128 {
  const bytes = (<usize>step) << 2;
  const v = v128.load32_splat(at + <usize>(count - 1) * bytes);
  const two = count > 1 ? v128.load32_lane(at + bytes, v, 1) : v;
  return v128.load32_lane(at, two, 0);
}
