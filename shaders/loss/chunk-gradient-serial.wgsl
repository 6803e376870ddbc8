// As chunk-gradient.wgsl, an invocation a row. Two entries: logits one by one, or in fours (then `columns`
// counts fours).
override columns: u32 = 1u;
override first: bool = true;

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;   // [rows, columns]
@group(0) @binding(0) var<storage, read_write> logits4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> labels: array<i32>;   // [rows]
@group(0) @binding(2) var<storage, read_write> weights: array<f32>;  // [rows], divided by their total
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;      // [rows]
@group(0) @binding(4) var<storage, read_write> seen: array<u32>;     // [rows]

@compute @workgroup_size(32)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&seen)) { return; }
  let start = row * columns;
  var before = 0u;
  if (!first) { before = seen[row]; }
  let at = labels[row] - i32(before);
  let weight = weights[row];
  let total = lse[row];
  for (var c = 0u; c < columns; c++) {
    logits[start + c] = select(0.0, weight * exp(logits[start + c] - total), weight != 0.0);
  }
  if (weight != 0.0 && at >= 0 && at < i32(columns)) { logits[start + u32(at)] -= weight; }
  seen[row] = before + columns;
}

@compute @workgroup_size(32)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&seen)) { return; }
  let start = row * columns;
  var before = 0u;
  if (!first) { before = seen[row]; }
  let at = labels[row] - i32(before);
  let weight = weights[row];
  let total = lse[row];
  for (var c = 0u; c < columns; c++) {
    logits4[start + c] = select(vec4<f32>(0.0), weight * exp(logits4[start + c] - total), weight != 0.0);
  }
  if (weight != 0.0 && at >= 0 && at < i32(4u * columns)) {
    logits4[start + u32(at) / 4u][u32(at) % 4u] -= weight;
  }
  seen[row] = before + 4u * columns;
}
