// Activations of four values, and their derivatives, as src/graph/program.ts defines them.
// Kinds: 1 Gelu (erf), 2 GeluTanh, 3 Relu, 4 Silu, 5 Tanh, 6 Sigmoid; 0 is the identity.

const ACTIVATION_NONE = 0u;
const ACTIVATION_GELU = 1u;
const ACTIVATION_GELU_TANH = 2u;
const ACTIVATION_RELU = 3u;
const ACTIVATION_SILU = 4u;
const ACTIVATION_TANH = 5u;
const ACTIVATION_SIGMOID = 6u;

// erf to about 1e-7: the rational minimax approximation x P(x^2) / Q(x^2) on [-4, 4] that Eigen and XLA
// use; no exponential and no branch.
fn erf4(v: vec4<f32>) -> vec4<f32> {
  let x = clamp(v, vec4<f32>(-4.0), vec4<f32>(4.0));
  let t = x * x;
  var p = t * -2.72614225801306e-10 + 2.77068142495902e-8;
  p = p * t - 2.10102402082508e-6;
  p = p * t - 5.69250639462346e-5;
  p = p * t - 7.34990630326855e-4;
  p = p * t - 2.95459980854025e-3;
  p = p * t - 1.60960333262415e-2;
  var q = t * -1.45660718464996e-5 - 2.13374055278905e-4;
  q = q * t - 1.68282697438203e-3;
  q = q * t - 7.37332916720468e-3;
  q = q * t - 1.42647390514189e-2;
  return x * p / q;
}

// tanh; the argument is kept where implementations by exponentials do not overflow.
fn tanh4(v: vec4<f32>) -> vec4<f32> {
  return tanh(clamp(v, vec4<f32>(-15.0), vec4<f32>(15.0)));
}

fn sigmoid4(v: vec4<f32>) -> vec4<f32> {
  return 1.0 / (1.0 + exp(-clamp(v, vec4<f32>(-80.0), vec4<f32>(80.0))));
}

// sqrt(2/pi) (x + 0.044715 x^3), the argument of GeluTanh's tanh
fn geluTanhArgument(x: vec4<f32>) -> vec4<f32> {
  return 0.7978845608028654 * (x + 0.044715 * x * x * x);
}

fn activate4(kind: u32, x: vec4<f32>) -> vec4<f32> {
  switch kind {
    case 1u: { return 0.5 * x * (1.0 + erf4(x * 0.7071067811865476)); }
    case 2u: { return 0.5 * x * (1.0 + tanh4(geluTanhArgument(x))); }
    case 3u: { return max(x, vec4<f32>(0.0)); }
    case 4u: { return x * sigmoid4(x); }
    case 5u: { return tanh4(x); }
    case 6u: { return sigmoid4(x); }
    default: { return x; }
  }
}

// act' from the activation's input (Gelu, GeluTanh, Relu, Silu) or output (Tanh, Sigmoid).
fn activationGradient4(kind: u32, saved: vec4<f32>) -> vec4<f32> {
  switch kind {
    case 1u: {
      let density = 0.3989422804014327 * exp(-0.5 * min(saved * saved, vec4<f32>(160.0)));
      return 0.5 * (1.0 + erf4(saved * 0.7071067811865476)) + saved * density;
    }
    case 2u: {
      let t = tanh4(geluTanhArgument(saved));
      let slope = 0.7978845608028654 * (1.0 + 0.134145 * saved * saved);
      return 0.5 * (1.0 + t) + 0.5 * saved * (1.0 - t * t) * slope;
    }
    case 3u: { return select(vec4<f32>(0.0), vec4<f32>(1.0), saved > vec4<f32>(0.0)); }
    case 4u: {
      let s = sigmoid4(saved);
      return s * (1.0 + saved * (1.0 - s));
    }
    case 5u: { return 1.0 - saved * saved; }
    case 6u: { return saved * (1.0 - saved); }
    default: { return vec4<f32>(1.0); }
  }
}
