// The end of a matmul for columns in fours (N % 4 == 0): bindings 2 to 6 and what happens to a sum.
//   z = alpha * sum + bias + residual ;  y = act(z), or z * act'(gate)
// With SUMS (weight gradients) z is not z but the sums of b's columns, the bias's gradient.
// Absent operands repeat y's memory and their flag is 0, so nothing reads them.
//#include "common/activation"

override N: u32 = 8u;          // columns of y
override ALPHA: f32 = 1.0;
override BIAS: bool = false;
override RESIDUAL: bool = false;
override PREACTIVATION: bool = false;  // z is wanted
override SUMS: bool = false;
override ACTIVATION: u32 = 0u;
override GRADIENT: u32 = 0u;

@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;         // [batch, M, N]
@group(0) @binding(3) var<storage, read_write> bias: array<vec4<f32>>;      // [N]
@group(0) @binding(4) var<storage, read_write> residual: array<vec4<f32>>;  // [batch, M, N]
@group(0) @binding(5) var<storage, read_write> gate: array<vec4<f32>>;      // [batch, M, N]
@group(0) @binding(6) var<storage, read_write> z: array<vec4<f32>>;         // [batch, M, N]

// Rows of y. Not a constant, so that all batch sizes and sequence lengths share one pipeline.
fn rowCount(batches: u32) -> u32 {
  return arrayLength(&y) / (batches * (N / 4u));
}

// Finishes and stores columns 4*group .. 4*group+3 of a row, counted over all batches; columns outside are left alone.
fn finish(row: u32, group: u32, sum: vec4<f32>) {
  if (group >= N / 4u) {
    return;
  }
  let at = row * (N / 4u) + group;
  var value = sum * ALPHA;
  if (BIAS) {
    value += bias[group];
  }
  if (RESIDUAL) {
    value += residual[at];
  }
  if (PREACTIVATION) {
    z[at] = value;
  }
  if (ACTIVATION != 0u) {
    value = activate4(ACTIVATION, value);
  }
  if (GRADIENT != 0u) {
    value *= activationGradient4(GRADIENT, gate[at]);
  }
  y[at] = value;
}
