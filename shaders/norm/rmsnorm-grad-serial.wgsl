// Gradient of root-mean-square normalisation in its input as in rmsnorm-grad.wgsl, an invocation a row, for
// software adapters. Two entries: columns one by one, or in fours (then `columns` counts fours).
// Rows are counted at run time, so one pipeline serves all batch sizes and lengths.
override columns: u32 = 1u;

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;
@group(0) @binding(0) var<storage, read_write> dy4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> gamma: array<f32>;
@group(0) @binding(2) var<storage, read_write> gamma4: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> rstd: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx4: array<vec4<f32>>;

fn across(v: vec4<f32>) -> f32 { return (v.x + v.y) + (v.z + v.w); }

@compute @workgroup_size(32)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&rstd)) { return; }
  let start = row * columns;
  let scale = rstd[row];
  var sum = 0.0;
  for (var c = 0u; c < columns; c++) { sum += dy[start + c] * gamma[c] * x[start + c] * scale; }
  let mean = sum / f32(columns);
  for (var c = 0u; c < columns; c++) {
    dx[start + c] = scale * (dy[start + c] * gamma[c] - x[start + c] * scale * mean);
  }
}

@compute @workgroup_size(32)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&rstd)) { return; }
  let start = row * columns;
  let scale = rstd[row];
  var sum = vec4<f32>(0.0);
  for (var c = 0u; c < columns; c++) { sum += dy4[start + c] * gamma4[c] * x4[start + c] * scale; }
  let mean = across(sum) / f32(4u * columns);
  for (var c = 0u; c < columns; c++) {
    dx4[start + c] = scale * (dy4[start + c] * gamma4[c] - x4[start + c] * scale * mean);
  }
}
