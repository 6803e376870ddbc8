// Root-mean-square normalisation as in rmsnorm.wgsl, an invocation a row: for software adapters, where a barrier
// costs more than a row. Two entries: columns one by one, or in fours (then `columns` counts fours).
// Rows are counted at run time, so one pipeline serves all batch sizes and lengths.
override columns: u32 = 1u;
override epsilon: f32 = 1e-6;

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(0) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> gamma: array<f32>;
@group(0) @binding(1) var<storage, read_write> gamma4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> y4: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> rstd: array<f32>;

fn across(v: vec4<f32>) -> f32 { return (v.x + v.y) + (v.z + v.w); }

@compute @workgroup_size(32)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&rstd)) { return; }
  let start = row * columns;
  var squares = 0.0;
  for (var c = 0u; c < columns; c++) { squares += x[start + c] * x[start + c]; }
  let scale = 1.0 / sqrt(squares / f32(columns) + epsilon);
  for (var c = 0u; c < columns; c++) { y[start + c] = x[start + c] * scale * gamma[c]; }
  rstd[row] = scale;
}

@compute @workgroup_size(32)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&rstd)) { return; }
  let start = row * columns;
  var squares = vec4<f32>(0.0);
  for (var c = 0u; c < columns; c++) { squares += x4[start + c] * x4[start + c]; }
  let scale = 1.0 / sqrt(across(squares) / f32(4u * columns) + epsilon);
  for (var c = 0u; c < columns; c++) { y4[start + c] = x4[start + c] * scale * gamma4[c]; }
  rstd[row] = scale;
}
