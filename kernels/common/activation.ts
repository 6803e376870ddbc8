/**
 * Activations and their derivatives, as src/graph/program.ts defines them. Kinds: 1 Gelu (erf), 2 GeluTanh, 3 Relu,
 * 4 Silu, 5 Tanh, 6 Sigmoid; 0 is the identity (ACTIVATION_NUMBERS in src/plan/lower/matmul.ts).
 */
import { erf4, exp4, sigmoid4, tanh4 } from './functions';
import { choose, madd, nmadd } from './vector';

function gelu4(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return madd(half, erf4(f32x4.mul(x, f32x4.splat(0.7071067811865476))), half);
}

/** √(2/π) (x + 0.044715 x³), the argument of GeluTanh's tanh. @inline */
function geluTanhArgument(x: v128): v128 {
  const cubed = f32x4.mul(f32x4.mul(x, x), x);
  return f32x4.mul(f32x4.splat(0.7978845608028654), madd(f32x4.splat(0.044715), cubed, x));
}

function geluTanh4(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return madd(half, tanh4(geluTanhArgument(x)), half);
}

function silu4(x: v128): v128 {
  return f32x4.mul(x, sigmoid4(x));
}

/** act(x) */
export function activate4(kind: i32, x: v128): v128 {
  switch (kind) {
    case 1:
      return gelu4(x);
    case 2:
      return geluTanh4(x);
    case 3:
      return f32x4.pmax(x, f32x4.splat(0));
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

function geluSlope4(x: v128): v128 {
  const half = f32x4.splat(0.5);
  const square = f32x4.pmin(f32x4.mul(x, x), f32x4.splat(160));
  const density = f32x4.mul(f32x4.splat(0.3989422804014327), exp4(f32x4.mul(square, f32x4.splat(-0.5))));
  const below = madd(half, erf4(f32x4.mul(x, f32x4.splat(0.7071067811865476))), half);
  return madd(x, density, below);
}

function geluTanhSlope4(x: v128): v128 {
  const one = f32x4.splat(1);
  const half = f32x4.splat(0.5);
  const t = tanh4(geluTanhArgument(x));
  const inner = madd(f32x4.splat(0.134145), f32x4.mul(x, x), one);
  const slope = f32x4.mul(f32x4.splat(0.7978845608028654), inner);
  const risen = f32x4.mul(f32x4.mul(half, x), nmadd(t, t, one));
  // Far out 1 − t² is 0 and the slope may be infinite: their product is 0.
  const product = choose(
    f32x4.lt(f32x4.abs(x), f32x4.splat(10)),
    f32x4.mul(risen, slope),
    f32x4.mul(x, f32x4.splat(0)),
  );
  return f32x4.add(madd(half, t, half), product);
}

/** act′ from the activation's input (Gelu, GeluTanh, Relu, Silu) or output (Tanh, Sigmoid). */
export function activationGradient4(kind: i32, saved: v128): v128 {
  const one = f32x4.splat(1);
  switch (kind) {
    case 1:
      return geluSlope4(saved);
    case 2:
      return geluTanhSlope4(saved);
    case 3:
      return v128.and(f32x4.gt(saved, f32x4.splat(0)), one);
    case 4: {
      const s = sigmoid4(saved);
      return f32x4.mul(s, madd(saved, f32x4.sub(one, s), one));
    }
    case 5:
      return nmadd(saved, saved, one);
    case 6:
      return f32x4.mul(saved, f32x4.sub(one, saved));
    default:
      return one;
  }
}
