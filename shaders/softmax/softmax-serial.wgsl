// Softmax as in softmax.wgsl, an invocation a row: for software adapters, where a barrier costs more than a
// row. Two entries: columns one by one, or in fours (then `columns` counts fours).
// Rows are counted at run time, so one pipeline serves all batch sizes and lengths.
override columns: u32 = 1u;

const LOWEST = -3.4028234663852886e38;

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(0) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read_write> y4: array<vec4<f32>>;

@compute @workgroup_size(32)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row * columns >= arrayLength(&y)) { return; }
  let start = row * columns;
  var most = LOWEST;
  for (var c = 0u; c < columns; c++) { most = max(most, x[start + c]); }
  var sum = 0.0;
  for (var c = 0u; c < columns; c++) {
    let e = exp(x[start + c] - most);
    y[start + c] = e;
    sum += e;
  }
  let scale = select(0.0, 1.0 / sum, sum > 0.0);
  for (var c = 0u; c < columns; c++) { y[start + c] *= scale; }
}

@compute @workgroup_size(32)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row * columns >= arrayLength(&y4)) { return; }
  let start = row * columns;
  var most4 = vec4<f32>(LOWEST);
  for (var c = 0u; c < columns; c++) { most4 = max(most4, x4[start + c]); }
  let most = max(max(most4.x, most4.y), max(most4.z, most4.w));
  var sum4 = vec4<f32>(0.0);
  for (var c = 0u; c < columns; c++) {
    let e = exp(x4[start + c] - most);
    y4[start + c] = e;
    sum4 += e;
  }
  let sum = (sum4.x + sum4.y) + (sum4.z + sum4.w);
  let scale = select(0.0, 1.0 / sum, sum > 0.0);
  for (var c = 0u; c < columns; c++) { y4[start + c] *= scale; }
}
