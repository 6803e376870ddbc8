// Scalar functions and their derivatives on four lanes, to f32 accuracy. `kind` is the index in UNARY_KINDS
// (src/plan/lower/elementwise.ts), where the activations stand first; it is a constant, so compilers keep
// one case.

//#include "common/activation"

const ACTIVATIONS = 6u; // kinds below are activate4's, less 1

// x^p. Whole powers up to 4 by multiplication, others by pow, whose base WGSL wants positive.
fn power4(x: vec4<f32>, p: f32) -> vec4<f32> {
  if (p == 0.0) { return vec4<f32>(1.0); }
  if (p == 1.0) { return x; }
  if (p == 2.0) { return x * x; }
  if (p == 3.0) { return x * x * x; }
  if (p == 4.0) { return (x * x) * (x * x); }
  if (p == 0.5) { return sqrt(x); }
  if (p == -0.5) { return 1.0 / sqrt(x); }
  if (p == -1.0) { return 1.0 / x; }
  if (p == -2.0) { return 1.0 / (x * x); }
  let magnitude = pow(abs(x), vec4<f32>(p));
  let whole = floor(p) == p;
  let odd = whole && (p - 2.0 * floor(p * 0.5)) == 1.0;
  // A fractional power of a negative number is NaN: 0/0 would be folded, log(-1) is not.
  let negative = select(select(log(x), magnitude, vec4<bool>(whole)), -magnitude, vec4<bool>(odd));
  return select(magnitude, negative, x < vec4<f32>(0.0));
}

fn unary4(kind: u32, factor: f32, x: vec4<f32>) -> vec4<f32> {
  if (kind < ACTIVATIONS) { return activate4(kind + 1u, x); }
  switch kind {
    case 6u: { return exp(x); }                                          // Exp
    case 7u: { return log(x); }                                          // Log
    case 8u: { return sqrt(x); }                                         // Sqrt
    case 9u: { return 1.0 / x; }                                         // Reciprocal
    case 10u: { return erf4(x); }                                        // Erf
    case 11u: { return -x; }                                             // Neg
    case 12u: { return abs(x); }                                         // Abs
    case 13u: { return x * x; }                                          // Square
    case 14u: { return x * factor; }                                     // Scale
    case 15u: { return x + factor; }                                     // Shift
    case 17u: { return select(vec4<f32>(0.0), vec4<f32>(1.0), x > vec4<f32>(factor)); } // Threshold
    default: { return power4(x, factor); }                               // Power
  }
}

// f' from v: y = f(x) for Tanh Sigmoid Exp Sqrt Reciprocal, x for all others.
fn unaryDerivative4(kind: u32, factor: f32, v: vec4<f32>) -> vec4<f32> {
  if (kind < ACTIVATIONS) { return activationGradient4(kind + 1u, v); }
  switch kind {
    case 6u: { return v; }
    case 7u: { return 1.0 / v; }
    case 8u: { return 0.5 / v; }
    case 9u: { return -v * v; }
    case 10u: { return 1.1283791670955126 * exp(-v * v); }
    case 11u: { return vec4<f32>(-1.0); }
    case 12u: { return sign(v); }
    case 13u: { return 2.0 * v; }
    case 14u: { return vec4<f32>(factor); }
    case 15u, 17u: { return vec4<f32>(1.0); }
    default: { return factor * power4(v, factor - 1.0); }
  }
}
