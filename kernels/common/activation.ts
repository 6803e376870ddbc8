/**
 * Activations and their derivatives, as src/graph/program.ts defines them. Kinds: 1 Gelu (erf), 2 GeluTanh, 3 Relu,
 * 4 Silu, 5 Tanh, 6 Sigmoid; 0 is the identity (ACTIVATION_NUMBERS in src/plan/lower/matmul.ts).
 */
import { exp4, sigmoid4, tanh4 } from './functions';
import { choose, madd, nmadd, storeSome } from './vector';

/**
 * Φ(−t)·e^(t²/2) for t ≥ 0, where Φ is the normal distribution function: a polynomial in u = 1 / (1 + 0.34·t) of degree 7,
 * fitted to 6e-9 of the product with e^(−t²/2).
 * @inline
 */
function tail4(t: v128): v128 {
  const u = f32x4.div(f32x4.splat(1), madd(t, f32x4.splat(0.34), f32x4.splat(1)));
  let p = madd(u, f32x4.splat(0.043975770473480225), f32x4.splat(-0.19681252539157867));
  p = madd(p, u, f32x4.splat(0.2575260102748871));
  p = madd(p, u, f32x4.splat(-0.02479688636958599));
  p = madd(p, u, f32x4.splat(0.15370962023735046));
  p = madd(p, u, f32x4.splat(0.13043655455112457));
  p = madd(p, u, f32x4.splat(0.13596144318580627));
  return f32x4.mul(p, u);
}

/** x·Φ(x) @inline */
function gelu4(x: v128): v128 {
  const t = f32x4.abs(x);
  const small = f32x4.mul(tail4(t), exp4(f32x4.mul(f32x4.mul(t, t), f32x4.splat(-0.5))));
  const part = f32x4.mul(x, small);
  return choose(f32x4.ge(x, f32x4.splat(0)), f32x4.sub(x, part), part);
}

/** Φ(x) + x·φ(x) @inline */
function geluSlope4(x: v128): v128 {
  const t = f32x4.abs(x);
  const e = exp4(f32x4.mul(f32x4.mul(t, t), f32x4.splat(-0.5)));
  const small = f32x4.mul(tail4(t), e);
  const below = choose(f32x4.ge(x, f32x4.splat(0)), f32x4.sub(f32x4.splat(1), small), small);
  // Far out e is 0 and x may be infinite: their product is left out.
  const product = f32x4.mul(f32x4.mul(f32x4.pmin(t, f32x4.splat(100)), f32x4.splat(0.3989422804014327)), e);
  return f32x4.add(below, choose(f32x4.ge(x, f32x4.splat(0)), product, f32x4.neg(product)));
}

/** √(2/π) (x + 0.044715 x³), the argument of GeluTanh's tanh. @inline */
function geluTanhArgument(x: v128): v128 {
  const cubed = f32x4.mul(f32x4.mul(x, x), x);
  return f32x4.mul(f32x4.splat(0.7978845608028654), madd(f32x4.splat(0.044715), cubed, x));
}

/** @inline */
function geluTanh4(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return madd(half, tanh4(geluTanhArgument(x)), half);
}

/** @inline */
function geluTanhSlope4(x: v128): v128 {
  const one = f32x4.splat(1);
  const half = f32x4.splat(0.5);
  const t = tanh4(geluTanhArgument(x));
  const inner = madd(f32x4.splat(0.134145), f32x4.mul(x, x), one);
  const slope = f32x4.mul(f32x4.splat(0.7978845608028654), inner);
  const product = f32x4.mul(f32x4.mul(f32x4.mul(half, x), nmadd(t, t, one)), slope);
  // Far out 1 − t² is 0 and the slope may be infinite: their product is 0, or NaN for NaN.
  const rise = choose(f32x4.gt(f32x4.abs(x), f32x4.splat(10)), f32x4.splat(0), product);
  return f32x4.add(madd(half, t, half), rise);
}

/** @inline */
function relu4(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/** @inline */
function reluSlope4(x: v128): v128 {
  return v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.splat(1));
}

/** @inline */
function silu4(x: v128): v128 {
  return f32x4.mul(x, sigmoid4(x));
}

/** @inline */
function siluSlope4(x: v128): v128 {
  const one = f32x4.splat(1);
  const s = sigmoid4(x);
  return f32x4.mul(s, madd(x, f32x4.sub(one, s), one));
}

/** From the activation's output. @inline */
function tanhSlope4(y: v128): v128 {
  return nmadd(y, y, f32x4.splat(1));
}

/** From the activation's output. @inline */
function sigmoidSlope4(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
}

/** act(x) */
export function activate4(kind: i32, x: v128): v128 {
  switch (kind) {
    case 1:
      return gelu4(x);
    case 2:
      return geluTanh4(x);
    case 3:
      return relu4(x);
    case 4:
      return silu4(x);
    case 5:
      return tanh4(x);
    case 6:
      return sigmoid4(x);
    default:
      return x;
  }
}

/** act′ from the activation's input (Gelu, GeluTanh, Relu, Silu) or output (Tanh, Sigmoid). */
export function activationGradient4(kind: i32, saved: v128): v128 {
  switch (kind) {
    case 1:
      return geluSlope4(saved);
    case 2:
      return geluTanhSlope4(saved);
    case 3:
      return reluSlope4(saved);
    case 4:
      return siluSlope4(saved);
    case 5:
      return tanhSlope4(saved);
    case 6:
      return sigmoidSlope4(saved);
    default:
      return f32x4.splat(1);
  }
}

/** y = act(x); x, y: [count]; y may be x. A loop for each kind: a choice for each four costs as much as a function. */
export function activateMany(kind: i32, x: usize, y: usize, count: i32): void {
  switch (kind) {
    case 1:
      for (; count >= 4; count -= 4, x += 16, y += 16) v128.store(y, gelu4(v128.load(x)));
      break;
    case 2:
      for (; count >= 4; count -= 4, x += 16, y += 16) v128.store(y, geluTanh4(v128.load(x)));
      break;
    case 3:
      for (; count >= 4; count -= 4, x += 16, y += 16) v128.store(y, relu4(v128.load(x)));
      break;
    case 4:
      for (; count >= 4; count -= 4, x += 16, y += 16) v128.store(y, silu4(v128.load(x)));
      break;
    case 5:
      for (; count >= 4; count -= 4, x += 16, y += 16) v128.store(y, tanh4(v128.load(x)));
      break;
    case 6:
      for (; count >= 4; count -= 4, x += 16, y += 16) v128.store(y, sigmoid4(v128.load(x)));
      break;
  }
  if (count > 0) storeSome(y, activate4(kind, v128.load(x)), count);
}

/** y = dy · act′(saved); all: [count]; y may be dy. */
export function slopeMany(kind: i32, dy: usize, saved: usize, y: usize, count: i32): void {
  switch (kind) {
    case 1:
      for (; count >= 4; count -= 4, dy += 16, saved += 16, y += 16)
        v128.store(y, f32x4.mul(v128.load(dy), geluSlope4(v128.load(saved))));
      break;
    case 2:
      for (; count >= 4; count -= 4, dy += 16, saved += 16, y += 16)
        v128.store(y, f32x4.mul(v128.load(dy), geluTanhSlope4(v128.load(saved))));
      break;
    case 3:
      for (; count >= 4; count -= 4, dy += 16, saved += 16, y += 16)
        v128.store(y, f32x4.mul(v128.load(dy), reluSlope4(v128.load(saved))));
      break;
    case 4:
      for (; count >= 4; count -= 4, dy += 16, saved += 16, y += 16)
        v128.store(y, f32x4.mul(v128.load(dy), siluSlope4(v128.load(saved))));
      break;
    case 5:
      for (; count >= 4; count -= 4, dy += 16, saved += 16, y += 16)
        v128.store(y, f32x4.mul(v128.load(dy), tanhSlope4(v128.load(saved))));
      break;
    case 6:
      for (; count >= 4; count -= 4, dy += 16, saved += 16, y += 16)
        v128.store(y, f32x4.mul(v128.load(dy), sigmoidSlope4(v128.load(saved))));
      break;
  }
  if (count > 0) storeSome(y, f32x4.mul(v128.load(dy), activationGradient4(kind, v128.load(saved))), count);
}
