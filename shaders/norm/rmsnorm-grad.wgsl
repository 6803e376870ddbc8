// Gradient of root-mean-square normalisation in its input, a workgroup a row. With g = dy * gamma and
// xhat = x * rstd:  dx = rstd * (g - xhat * mean(g * xhat))
// dx is overwritten. rmsnorm-grad-serial.wgsl is for software adapters.
override rows: u32 = 1u;
override columns: u32 = 1u;

//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;    // [rows, columns]
@group(0) @binding(1) var<storage, read_write> x: array<f32>;     // [rows, columns]
@group(0) @binding(2) var<storage, read_write> gamma: array<f32>; // [columns]
@group(0) @binding(3) var<storage, read_write> rstd: array<f32>;  // [rows]
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;    // [rows, columns]

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let start = row * columns;
  let scale = rstd[row];

  var sum = 0.0; // of g * xhat
  for (var c = lane; c < columns; c += workgroupSize) { sum += dy[start + c] * gamma[c] * x[start + c] * scale; }
  let mean = workgroupSum(vec2<f32>(sum, 0.0), lane).x / f32(columns);

  for (var c = lane; c < columns; c += workgroupSize) {
    dx[start + c] = scale * (dy[start + c] * gamma[c] - x[start + c] * scale * mean);
  }
}
