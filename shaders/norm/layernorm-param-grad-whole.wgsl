// Gradients of layer normalisation in gamma and beta in one go, for GPUs:
//   dgamma[c] = sum over rows of dy * (x - mean) * rstd,  dbeta[c] = sum of dy.
// A workgroup takes 16 columns, 16 invocations each, which share the rows out and add up what they have in workgroup
// memory, in a fixed order. dgamma and dbeta are overwritten. layernorm-param-grad.wgsl is for software adapters.
override columns: u32 = 1u;

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;     // [rows, columns]
@group(0) @binding(1) var<storage, read_write> x: array<f32>;      // [rows, columns]
@group(0) @binding(2) var<storage, read_write> mean: array<f32>;   // [rows]
@group(0) @binding(3) var<storage, read_write> rstd: array<f32>;   // [rows]
@group(0) @binding(4) var<storage, read_write> dgamma: array<f32>; // [columns]
@group(0) @binding(5) var<storage, read_write> dbeta: array<f32>;  // [columns]

var<workgroup> shares: array<vec2<f32>, 256>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let column = group.x * 16u + local.x;
  let rows = arrayLength(&mean);
  var sums = vec2<f32>(0.0); // of gamma's and of beta's gradient
  if (column < columns) {
    for (var row = local.y; row < rows; row += 16u) {
      let g = dy[row * columns + column];
      sums += vec2<f32>(g * (x[row * columns + column] - mean[row]) * rstd[row], g);
    }
  }
  shares[lane] = sums;
  workgroupBarrier();
  for (var span = 8u; span > 0u; span >>= 1u) {
    if (local.y < span) { shares[lane] += shares[lane + 16u * span]; }
    workgroupBarrier();
  }
  if (local.y == 0u && column < columns) {
    dgamma[column] = shares[lane].x;
    dbeta[column] = shares[lane].y;
  }
}
