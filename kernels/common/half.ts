/** Numbers of half precision as they lie in memory: finite ones, for no others are stored. */

/** 2^112, by which the exponents of the two forms differ. */
const BIAS: f32 = reinterpret<f32>(0x77800000);

/**
 * Four halves as floats: exponent and fraction in a float's place, times 2^112, which normalises what is subnormal as
 * well (F. Giesen, "Half to float done quickly"). @inline
 */
export function halves4(at: usize): v128 {
  const bits = v128.load_ext<u16>(at);
  const sign = i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16);
  const magnitude = i32x4.shl(v128.and(bits, i32x4.splat(0x7fff)), 13);
  return v128.or(f32x4.mul(magnitude, f32x4.splat(BIAS)), sign);
}
