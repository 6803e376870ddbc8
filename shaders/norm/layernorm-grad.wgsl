// Gradient of layer normalisation in its input, a workgroup a row. With g = dy * gamma and
// xhat = (x - mean) * rstd:  dx = rstd * (g - mean(g) - xhat * mean(g * xhat))
// dx is overwritten. layernorm-grad-serial.wgsl is for software adapters.
override rows: u32 = 1u;
override columns: u32 = 1u;

//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;    // [rows, columns]
@group(0) @binding(1) var<storage, read_write> x: array<f32>;     // [rows, columns]
@group(0) @binding(2) var<storage, read_write> gamma: array<f32>; // [columns]
@group(0) @binding(3) var<storage, read_write> mean: array<f32>;  // [rows]
@group(0) @binding(4) var<storage, read_write> rstd: array<f32>;  // [rows]
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;    // [rows, columns]

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let start = row * columns;
  let average = mean[row];
  let scale = rstd[row];

  var sums = vec2<f32>(0.0); // of g, and of g * xhat
  for (var c = lane; c < columns; c += workgroupSize) {
    let g = dy[start + c] * gamma[c];
    sums += vec2<f32>(g, g * (x[start + c] - average) * scale);
  }
  let means = workgroupSum(sums, lane) / f32(columns);

  for (var c = lane; c < columns; c += workgroupSize) {
    let g = dy[start + c] * gamma[c];
    dx[start + c] = scale * (g - means.x - (x[start + c] - average) * scale * means.y);
  }
}
