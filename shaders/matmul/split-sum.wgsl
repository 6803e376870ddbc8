// y = finish(sum over splits of partial[split, i, j]): the second half of a matmul whose K was split
// over workgroups (matmul/tiled with SPLITS > 1), for tall and skinny products such as the weight
// gradients of low-rank matrices. With SUMS those of b's columns lie behind them, as one more row.
// One invocation per four columns of a row; the order of the sum is fixed.
//#include "matmul/epilogue"

override SPLITS: u32 = 2u;

@group(0) @binding(0) var<storage, read_write> partial: array<f32>;  // [SPLITS, M, N], [SPLITS, N]
@group(0) @binding(1) var<storage, read_write> unused: array<f32>;   // repeats y's memory

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let groups = (N + 3u) / 4u;
  let row = id.x / groups;
  let column = 4u * (id.x % groups);
  if (row > M || (row == M && !SUMS)) {
    return;
  }
  let count = min(4u, N - column);
  var sum = vec4<f32>(0.0);
  for (var split = 0u; split < SPLITS; split++) {
    for (var c = 0u; c < count; c++) {
      sum[c] += partial[select(split * M + row, SPLITS * M + split, row == M) * N + column + c];
    }
  }
  if (row == M) {
    storeSums(0u, column, sum);
    return;
  }
  finish(0u, row, column, sum);
}
