// Gradient of softmax as in softmax-grad.wgsl, an invocation a row, for software adapters.
// Two entries: columns one by one, or in fours (then `columns` counts fours).
// Rows are counted at run time, so one pipeline serves all batch sizes and lengths.
override columns: u32 = 1u;

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;
@group(0) @binding(0) var<storage, read_write> dy4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read_write> y4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx4: array<vec4<f32>>;

@compute @workgroup_size(32)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row * columns >= arrayLength(&dx)) { return; }
  let start = row * columns;
  var inner = 0.0;
  for (var c = 0u; c < columns; c++) { inner += y[start + c] * dy[start + c]; }
  for (var c = 0u; c < columns; c++) { dx[start + c] = y[start + c] * (dy[start + c] - inner); }
}

@compute @workgroup_size(32)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row * columns >= arrayLength(&dx4)) { return; }
  let start = row * columns;
  var sum = vec4<f32>(0.0);
  for (var c = 0u; c < columns; c++) { sum += y4[start + c] * dy4[start + c]; }
  let inner = (sum.x + sum.y) + (sum.z + sum.w);
  for (var c = 0u; c < columns; c++) { dx4[start + c] = y4[start + c] * (dy4[start + c] - inner); }
}
