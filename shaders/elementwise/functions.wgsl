// Scalar functions and their derivatives on four lanes, to f32 accuracy. `kind` is the index in UNARY_KINDS
// (src/plan/lower/elementwise.ts); it is a constant, so compilers keep one case.

// erf with an absolute error below 1.2e-7: a polynomial near 0 and 1 - exp(polynomial) beyond, both
// minimax fits by N. Juffa (public domain, erff in "my_erff").
fn erf4(x: vec4<f32>) -> vec4<f32> {
  let t = min(abs(x), vec4<f32>(6.0));
  let s = t * t;
  var far = -1.72853470e-5 * t + 3.83197126e-4;
  far = far * s + (-3.88396438e-3 * t + 2.42546219e-2);
  far = far * t - 1.06777877e-1;
  far = far * t - 6.34846687e-1;
  far = far * t - 1.28717512e-1;
  far = 1.0 - exp(far * t - t);
  var near = -5.96761703e-4 * s + 4.99119423e-3;
  near = near * s - 2.67681349e-2;
  near = near * s + 1.12819925e-1;
  near = near * s - 3.76125336e-1;
  near = near * s + 1.28379166e-1;
  near = near * t + t;
  return select(near, far, t > vec4<f32>(0.927734375)) * sign(x);
}

// tanh: WGSL's own may overflow for large x and lose digits near 0. Cephes' tanhf (Moshier).
fn tanh4(x: vec4<f32>) -> vec4<f32> {
  let t = min(abs(x), vec4<f32>(10.0));
  let z = x * x;
  var near = -5.70498872745e-3 * z + 2.06390887954e-2;
  near = near * z - 5.37397155531e-2;
  near = near * z + 1.33314422036e-1;
  near = near * z - 3.33332819422e-1;
  near = near * z * x + x;
  let far = sign(x) * (1.0 - 2.0 / (exp(2.0 * t) + 1.0));
  return select(near, far, t > vec4<f32>(0.625));
}

fn sigmoid4(x: vec4<f32>) -> vec4<f32> {
  return 1.0 / (1.0 + exp(-clamp(x, vec4<f32>(-87.0), vec4<f32>(87.0))));
}

// Standard normal distribution function.
fn normalCdf4(x: vec4<f32>) -> vec4<f32> {
  return 0.5 + 0.5 * erf4(x * 0.70710678118654752);
}

// The argument of the tanh in GeluTanh.
fn geluTanhArgument4(x: vec4<f32>) -> vec4<f32> {
  return 0.79788456080286536 * (x + 0.044715 * x * x * x);
}

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
  switch kind {
    case 0u: { return x * normalCdf4(x); }                               // Gelu
    case 1u: { return 0.5 * x * (1.0 + tanh4(geluTanhArgument4(x))); }   // GeluTanh
    case 2u: { return max(x, vec4<f32>(0.0)); }                          // Relu
    case 3u: { return x * sigmoid4(x); }                                 // Silu
    case 4u: { return tanh4(x); }                                        // Tanh
    case 5u: { return sigmoid4(x); }                                     // Sigmoid
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
    default: { return power4(x, factor); }                               // Power
  }
}

// f' from v: y = f(x) for Tanh Sigmoid Exp Sqrt Reciprocal, x for all others.
fn unaryDerivative4(kind: u32, factor: f32, v: vec4<f32>) -> vec4<f32> {
  switch kind {
    case 0u: { return normalCdf4(v) + v * 0.39894228040143268 * exp(-0.5 * v * v); }
    case 1u: {
      let t = tanh4(geluTanhArgument4(v));
      let slope = 0.79788456080286536 * (1.0 + 0.134145 * v * v);
      return 0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * slope;
    }
    case 2u: { return select(vec4<f32>(0.0), vec4<f32>(1.0), v > vec4<f32>(0.0)); }
    case 3u: {
      let s = sigmoid4(v);
      return s * (1.0 + v * (1.0 - s));
    }
    case 4u: { return 1.0 - v * v; }
    case 5u: { return v * (1.0 - v); }
    case 6u: { return v; }
    case 7u: { return 1.0 / v; }
    case 8u: { return 0.5 / v; }
    case 9u: { return -v * v; }
    case 10u: { return 1.1283791670955126 * exp(-v * v); }
    case 11u: { return vec4<f32>(-1.0); }
    case 12u: { return sign(v); }
    case 13u: { return 2.0 * v; }
    case 14u: { return vec4<f32>(factor); }
    case 15u: { return vec4<f32>(1.0); }
    default: { return factor * power4(v, factor - 1.0); }
  }
}
