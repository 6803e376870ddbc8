// Root-mean-square normalisation (Zhang and Sennrich, 2019) over rows of `columns`, a workgroup a row:
//   y = x * rstd * gamma,  rstd = 1 / sqrt(mean(x^2) + epsilon)
// x, y [rows, columns]; gamma [columns]; rstd [rows]. rmsnorm-serial.wgsl is for software adapters.
override rows: u32 = 1u;
override columns: u32 = 1u;
override epsilon: f32 = 1e-6;

//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> gamma: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> rstd: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let start = row * columns;

  var squares = 0.0;
  for (var c = lane; c < columns; c += workgroupSize) { squares += x[start + c] * x[start + c]; }
  let mean = workgroupSum(vec2<f32>(squares, 0.0), lane).x / f32(columns);
  let scale = 1.0 / sqrt(mean + epsilon);

  for (var c = lane; c < columns; c += workgroupSize) { y[start + c] = x[start + c] * scale * gamma[c]; }
  if (lane == 0u) { rstd[row] = scale; }
}
