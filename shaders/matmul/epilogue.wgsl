// The end of a matmul of any size: bindings 2 to 6 and what happens to a sum.
//   z = alpha * sum + bias + residual ;  y = act(z), or z * act'(gate)
// With SUMS (weight gradients) z is not z but the sums of b's columns, the bias's gradient.
// Absent operands repeat y's memory and their flag is 0, so nothing reads them.
//#include "common/activation"

override M: u32 = 5u;          // rows of y
override N: u32 = 5u;          // columns of y
override ALPHA: f32 = 1.0;
override BIAS: bool = false;
override RESIDUAL: bool = false;
override PREACTIVATION: bool = false;  // z is wanted
override SUMS: bool = false;
override ACTIVATION: u32 = 0u;
override GRADIENT: u32 = 0u;

@group(0) @binding(2) var<storage, read_write> y: array<f32>;         // [batch, M, N]
@group(0) @binding(3) var<storage, read_write> bias: array<f32>;      // [N]
@group(0) @binding(4) var<storage, read_write> residual: array<f32>;  // [batch, M, N]
@group(0) @binding(5) var<storage, read_write> gate: array<f32>;      // [batch, M, N]
@group(0) @binding(6) var<storage, read_write> z: array<f32>;         // [batch, M, N]

// Finishes and stores columns column .. column+3 of a row; rows and columns outside are left alone.
fn finish(batch: u32, row: u32, column: u32, sum: vec4<f32>) {
  if (row >= M || column >= N) {
    return;
  }
  let at = (batch * M + row) * N + column;
  let count = min(4u, N - column);
  var value = sum * ALPHA;
  if (BIAS) {
    for (var i = 0u; i < count; i++) {
      value[i] += bias[column + i];
    }
  }
  if (RESIDUAL) {
    for (var i = 0u; i < count; i++) {
      value[i] += residual[at + i];
    }
  }
  if (PREACTIVATION) {
    for (var i = 0u; i < count; i++) {
      z[at + i] = value[i];
    }
  }
  if (ACTIVATION != 0u) {
    value = activate4(ACTIVATION, value);
  }
  if (GRADIENT != 0u) {
    var saved = vec4<f32>(0.0);
    for (var i = 0u; i < count; i++) {
      saved[i] = gate[at + i];
    }
    value *= activationGradient4(GRADIENT, saved);
  }
  for (var i = 0u; i < count; i++) {
    y[at + i] = value[i];
  }
}

// Stores sums of b's columns column .. column+3, from place `first` of z on.
fn storeSums(first: u32, column: u32, sums: vec4<f32>) {
  for (var i = 0u; i < 4u && column + i < N; i++) {
    z[first + column + i] = sums[i];
  }
}

// Stores columns column .. column+3 of a row of one split's sums as they are.
fn storePartial(split: u32, row: u32, column: u32, sum: vec4<f32>) {
  for (var c = 0u; c < 4u; c++) {
    if (row < M && column + c < N) {
      y[(split * M + row) * N + column + c] = sum[c];
    }
  }
}
