// The end of two or three products beside one another: y = alpha * sum + bias of each; `pair` says which is meant.
// Not a module by itself: matmul/tiled-layers, matmul/tiled-gradients and the blocked ones end with it.
override M: u32 = 5u;          // rows of each y
override N: u32 = 5u;          // columns of each y
override ALPHA: f32 = 1.0;

@group(0) @binding(4) var<storage, read_write> y0: array<f32>; // [M, N]
@group(0) @binding(5) var<storage, read_write> y1: array<f32>;
@group(0) @binding(6) var<storage, read_write> y2: array<f32>;

fn finish(batch: u32, row: u32, column: u32, sum: vec4<f32>) {
  if (row >= M) {
    return;
  }
  let at = row * N + column;
  for (var i = 0u; i < 4u && column + i < N; i++) {
    let value = sum[i] * ALPHA + biasOf(column + i);
    switch pair {
      case 0u { y0[at + i] = value; }
      case 1u { y1[at + i] = value; }
      default { y2[at + i] = value; }
    }
  }
}

// Their sums are not split.
fn storePartial(split: u32, row: u32, column: u32, sum: vec4<f32>) {}
