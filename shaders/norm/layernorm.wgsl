// Layer normalisation (Ba et al., 2016) over rows of `columns`, a workgroup a row:
//   y = (x - mean) * rstd * gamma + beta,  rstd = 1 / sqrt(var + epsilon)
// The variance is of the differences from the mean (two passes): E[x^2] - mean^2 would cancel.
// x, y [rows, columns]; gamma, beta [columns]; mean, rstd [rows]. layernorm-serial.wgsl is for software adapters.
override rows: u32 = 1u;
override columns: u32 = 1u;
override epsilon: f32 = 1e-12;

//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> gamma: array<f32>;
@group(0) @binding(2) var<storage, read_write> beta: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> mean: array<f32>;
@group(0) @binding(5) var<storage, read_write> rstd: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let start = row * columns;

  var sum = 0.0;
  for (var c = lane; c < columns; c += workgroupSize) { sum += x[start + c]; }
  let average = workgroupSum(vec2<f32>(sum, 0.0), lane).x / f32(columns);

  var squares = 0.0;
  for (var c = lane; c < columns; c += workgroupSize) {
    let difference = x[start + c] - average;
    squares += difference * difference;
  }
  let variance = workgroupSum(vec2<f32>(squares, 0.0), lane).x / f32(columns);
  let scale = 1.0 / sqrt(variance + epsilon);

  for (var c = lane; c < columns; c += workgroupSize) {
    y[start + c] = (x[start + c] - average) * scale * gamma[c] + beta[c];
  }
  if (lane == 0u) {
    mean[row] = average;
    rstd[row] = scale;
  }
}
