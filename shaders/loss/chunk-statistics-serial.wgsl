// As chunk-statistics.wgsl, an invocation a row. Two entries: logits one by one, or in fours (then `columns`
// counts fours).
override columns: u32 = 1u;
override first: bool = true;

const LOWEST = -3.4028234663852886e38;

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;       // [rows, columns]
@group(0) @binding(0) var<storage, read_write> logits4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> labels: array<i32>;       // [rows]
@group(0) @binding(2) var<storage, read_write> state: array<vec4<f32>>;  // [rows]

fn begin(row: u32) -> vec4<f32> {
  if (first) { return vec4<f32>(LOWEST, 0.0, 0.0, 0.0); }
  return state[row];
}

@compute @workgroup_size(32)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&state)) { return; }
  let start = row * columns;
  let before = begin(row);
  var most = before.x;
  for (var c = 0u; c < columns; c++) { most = max(most, logits[start + c]); }
  var sum = before.y * exp(before.x - most);
  for (var c = 0u; c < columns; c++) { sum += exp(logits[start + c] - most); }
  let at = labels[row] - i32(before.w);
  var picked = before.z;
  if (at >= 0 && at < i32(columns)) { picked = logits[start + u32(at)]; }
  state[row] = vec4<f32>(most, sum, picked, before.w + f32(columns));
}

@compute @workgroup_size(32)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&state)) { return; }
  let start = row * columns;
  let before = begin(row);
  var most4 = vec4<f32>(before.x);
  for (var c = 0u; c < columns; c++) { most4 = max(most4, logits4[start + c]); }
  let most = max(max(most4.x, most4.y), max(most4.z, most4.w));
  var sum4 = vec4<f32>(0.0);
  for (var c = 0u; c < columns; c++) { sum4 += exp(logits4[start + c] - most); }
  let sum = before.y * exp(before.x - most) + ((sum4.x + sum4.y) + (sum4.z + sum4.w));
  let at = labels[row] - i32(before.w);
  var picked = before.z;
  if (at >= 0 && at < i32(4u * columns)) { picked = logits4[start + u32(at) / 4u][u32(at) % 4u]; }
  state[row] = vec4<f32>(most, sum, picked, before.w + f32(4u * columns));
}
