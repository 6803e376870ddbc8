/**
 * The scalar functions of `Unary` and their derivatives on four floats. `kind` is the index in UNARY_KINDS
 * (src/plan/lower/elementwise.ts), where the activations stand first.
 */
import { activate4, activationGradient4 } from '../common/activation';
import { erf4, exp4, log4 } from '../common/functions';
import { power4 } from '../common/power';
import { choose } from '../common/vector';

/** Kinds below are activate4's, less 1. */
export const ACTIVATIONS: i32 = 6;

/** f(x) */
export function unary4(kind: i32, factor: f32, x: v128): v128 {
  if (kind < ACTIVATIONS) return activate4(kind + 1, x);
  switch (kind) {
    case 6:
      return exp4(x);
    case 7:
      return log4(x);
    case 8:
      return f32x4.sqrt(x);
    case 9:
      return f32x4.div(f32x4.splat(1), x);
    case 10:
      return erf4(x);
    case 11:
      return f32x4.neg(x);
    case 12:
      return f32x4.abs(x);
    case 13:
      return f32x4.mul(x, x);
    case 14:
      return f32x4.mul(x, f32x4.splat(factor));
    case 15:
      return f32x4.add(x, f32x4.splat(factor));
    case 17:
      return v128.and(f32x4.gt(x, f32x4.splat(factor)), f32x4.splat(1));
    default:
      return power4(x, factor);
  }
}

/** −1, 0 or 1. */
function sign4(x: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
}

/** f′ from v: y = f(x) for Tanh Sigmoid Exp Sqrt Reciprocal, x for all others. */
export function unaryDerivative4(kind: i32, factor: f32, v: v128): v128 {
  if (kind < ACTIVATIONS) return activationGradient4(kind + 1, v);
  switch (kind) {
    case 6:
      return v;
    case 7:
      return f32x4.div(f32x4.splat(1), v);
    case 8:
      return f32x4.div(f32x4.splat(0.5), v);
    case 9:
      return f32x4.neg(f32x4.mul(v, v));
    case 10:
      return f32x4.mul(f32x4.splat(1.1283791670955126), exp4(f32x4.neg(f32x4.mul(v, v))));
    case 11:
      return f32x4.splat(-1);
    case 12:
      return sign4(v);
    case 13:
      return f32x4.add(v, v);
    case 14:
      return f32x4.splat(factor);
    case 15:
    case 17:
      return f32x4.splat(1);
    default:
      return f32x4.mul(f32x4.splat(factor), power4(v, factor - 1));
  }
}

/** a ∘ b: 0 sum, 1 difference, 2 product, 3 quotient. @inline */
export function arithmetic4(kind: i32, a: v128, b: v128): v128 {
  if (kind == 0) return f32x4.add(a, b);
  if (kind == 1) return f32x4.sub(a, b);
  if (kind == 2) return f32x4.mul(a, b);
  return f32x4.div(a, b);
}

/** c ≠ 0 ? a : b, where the condition is floats or, with `integer`, integers. @inline */
export function where4(integer: i32, c: v128, a: v128, b: v128): v128 {
  const isZero = integer ? i32x4.eq(c, i32x4.splat(0)) : f32x4.eq(c, f32x4.splat(0));
  return choose(isZero, b, a);
}
