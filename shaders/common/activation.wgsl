// Activations of four values, and their derivatives, as src/graph/program.ts defines them.
// Kinds: 1 Gelu (erf), 2 GeluTanh, 3 Relu, 4 Silu, 5 Tanh, 6 Sigmoid; 0 is the identity.

const ACTIVATION_NONE = 0u;
const ACTIVATION_GELU = 1u;
const ACTIVATION_GELU_TANH = 2u;
const ACTIVATION_RELU = 3u;
const ACTIVATION_SILU = 4u;
const ACTIVATION_TANH = 5u;
const ACTIVATION_SIGMOID = 6u;

// erf with an absolute error below 1.2e-7: a polynomial near 0 and 1 - exp(polynomial) beyond, both
// minimax fits after N. Juffa.
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
