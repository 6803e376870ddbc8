// The end of two or three products that are added up: y = alpha * sum + residual.
override M: u32 = 5u;          // rows of y
override N: u32 = 5u;          // columns of y
override ALPHA: f32 = 1.0;
override RESIDUAL: bool = false;
const SUMS = false;

@group(0) @binding(6) var<storage, read_write> y: array<f32>;        // [M, N]
@group(0) @binding(7) var<storage, read_write> residual: array<f32>; // [M, N]

fn finish(batch: u32, row: u32, column: u32, sum: vec4<f32>) {
  if (row >= M) {
    return;
  }
  let at = row * N + column;
  for (var i = 0u; i < 4u && column + i < N; i++) {
    var value = sum[i] * ALPHA;
    if (RESIDUAL) {
      value += residual[at + i];
    }
    y[at + i] = value;
  }
}

// Their sums are not split, and they are no weight's gradient.
fn storePartial(split: u32, row: u32, column: u32, sum: vec4<f32>) {}
fn storeSums(first: u32, column: u32, sums: vec4<f32>) {}
