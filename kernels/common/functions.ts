/**
 * Exponential, logarithm, error function and hyperbolic tangent of four floats, to a few units in the last place.
 * Polynomials of Cephes (Moshier), and of N. Juffa for erf, as in shaders/common/activation.wgsl.
 */
import { choose, madd, nmadd } from './vector';

/**
 * eˣ. Below −87.33 the result is 0 (numbers below the least normal one are dropped), above 88.72 infinite.
 * x = n·ln 2 + r with whole n and |r| ≤ ln 2 / 2: eˣ = 2ⁿ·p(r). Adding 1.5·2²³ rounds to n and leaves it in the low
 * bits, which, shifted to the exponent, multiply by 2ⁿ.
 * @inline
 */
export function exp4(x: v128): v128 {
  const magic = f32x4.splat(12582912.0);
  const z = madd(x, f32x4.splat(1.44269504), magic);
  const n = f32x4.sub(z, magic);
  const r = nmadd(n, f32x4.splat(-2.1219444e-4), nmadd(n, f32x4.splat(0.693359375), x));
  let p = madd(r, f32x4.splat(1.98756915e-4), f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = madd(f32x4.mul(p, r), r, f32x4.add(r, f32x4.splat(1)));
  const y = i32x4.add(p, i32x4.shl(z, 23));
  const low = v128.andnot(y, f32x4.lt(x, f32x4.splat(-87.33654)));
  return choose(f32x4.gt(x, f32x4.splat(88.72283)), f32x4.splat(Infinity), low);
}

/** eˣ of one float. */
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** ln x: −∞ at 0, NaN below. x = 2ᵉ·m with √½ ≤ m < √2: ln x = e·ln 2 + ln m. */
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = choose(tiny, f32x4.mul(x, f32x4.splat(33554432.0)), x);
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(scaled, 23), i32x4.splat(126)));
  e = f32x4.sub(e, v128.and(tiny, f32x4.splat(25)));
  let m = v128.or(v128.and(scaled, i32x4.splat(0x7fffff)), f32x4.splat(0.5));
  const below = f32x4.lt(m, f32x4.splat(0.70710678));
  e = f32x4.sub(e, v128.and(below, f32x4.splat(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(below, m)), f32x4.splat(1));
  const z = f32x4.mul(m, m);
  let p = madd(m, f32x4.splat(7.0376836292e-2), f32x4.splat(-1.151461031e-1));
  p = madd(p, m, f32x4.splat(1.167699874e-1));
  p = madd(p, m, f32x4.splat(-1.2420140846e-1));
  p = madd(p, m, f32x4.splat(1.4249322787e-1));
  p = madd(p, m, f32x4.splat(-1.6668057665e-1));
  p = madd(p, m, f32x4.splat(2.0000714765e-1));
  p = madd(p, m, f32x4.splat(-2.4999993993e-1));
  p = madd(p, m, f32x4.splat(3.3333331174e-1));
  let y = madd(e, f32x4.splat(-2.1219444e-4), f32x4.mul(f32x4.mul(p, m), z));
  y = f32x4.add(m, nmadd(z, f32x4.splat(0.5), y));
  y = madd(e, f32x4.splat(0.693359375), y);
  // Infinity and NaN stay what they are; 0 and what is below are set.
  y = choose(f32x4.lt(x, f32x4.splat(Infinity)), y, x);
  y = choose(f32x4.eq(x, f32x4.splat(0)), f32x4.splat(-Infinity), y);
  return choose(f32x4.lt(x, f32x4.splat(0)), f32x4.splat(NaN), y);
}

/** ln x of one float. */
export function log1(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

/** x, with the sign of `sign`. @inline */
export function withSign(x: v128, sign: v128): v128 {
  return v128.or(x, v128.and(sign, i32x4.splat(0x80000000)));
}

/**
 * erf x, within 1.2e-7: a polynomial near 0 and 1 − exp(polynomial) beyond.
 * @inline
 */
export function erf4(x: v128): v128 {
  const t = f32x4.pmin(f32x4.abs(x), f32x4.splat(6));
  const s = f32x4.mul(t, t);
  let far = madd(f32x4.splat(-1.7285347e-5), t, f32x4.splat(3.83197126e-4));
  far = madd(far, s, madd(f32x4.splat(-3.88396438e-3), t, f32x4.splat(2.42546219e-2)));
  far = madd(far, t, f32x4.splat(-1.06777877e-1));
  far = madd(far, t, f32x4.splat(-6.34846687e-1));
  far = madd(far, t, f32x4.splat(-1.28717512e-1));
  far = f32x4.sub(f32x4.splat(1), exp4(f32x4.sub(f32x4.mul(far, t), t)));
  let near = madd(s, f32x4.splat(-5.96761703e-4), f32x4.splat(4.99119423e-3));
  near = madd(near, s, f32x4.splat(-2.67681349e-2));
  near = madd(near, s, f32x4.splat(1.12819925e-1));
  near = madd(near, s, f32x4.splat(-3.76125336e-1));
  near = madd(near, s, f32x4.splat(1.28379166e-1));
  near = madd(near, t, t);
  return withSign(choose(f32x4.gt(t, f32x4.splat(0.927734375)), far, near), x);
}

/**
 * tanh x.
 * @inline
 */
export function tanh4(x: v128): v128 {
  const t = f32x4.pmin(f32x4.abs(x), f32x4.splat(10));
  const z = f32x4.mul(t, t);
  let near = madd(z, f32x4.splat(-5.70498872745e-3), f32x4.splat(2.06390887954e-2));
  near = madd(near, z, f32x4.splat(-5.37397155531e-2));
  near = madd(near, z, f32x4.splat(1.33314422036e-1));
  near = madd(near, z, f32x4.splat(-3.33332819422e-1));
  near = madd(f32x4.mul(near, z), t, t);
  const e = exp4(f32x4.add(t, t));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  return withSign(choose(f32x4.gt(t, f32x4.splat(0.625)), far, near), x);
}

/**
 * 1 / (1 + e⁻ˣ)
 * @inline
 */
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}
