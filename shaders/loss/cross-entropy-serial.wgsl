// Cross-entropy and its gradient as in cross-entropy.wgsl, an invocation a row: for software adapters, and
// wherever there are too few classes to share among a workgroup.
override rows: u32 = 1u;
override columns: u32 = 1u;

const LOWEST = -3.4028234663852886e38;

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;  // [rows, columns]
@group(0) @binding(1) var<storage, read_write> labels: array<i32>;  // [rows]
@group(0) @binding(2) var<storage, read_write> weights: array<f32>; // [rows], divided by their total
@group(0) @binding(3) var<storage, read_write> result: array<f32>;  // rows: [rows]; gradient: [rows, columns]

fn logSumExp(start: u32) -> f32 {
  var most = LOWEST;
  for (var c = 0u; c < columns; c++) { most = max(most, logits[start + c]); }
  var sum = 0.0;
  for (var c = 0u; c < columns; c++) { sum += exp(logits[start + c] - most); }
  return most + log(sum);
}

@compute @workgroup_size(32)
fn rowLosses(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= rows) { return; }
  let weight = weights[row];
  var loss = 0.0;
  if (weight != 0.0) { loss = weight * (logSumExp(row * columns) - logits[row * columns + u32(labels[row])]); }
  result[row] = loss;
}

@compute @workgroup_size(32)
fn gradient(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= rows) { return; }
  let start = row * columns;
  let weight = weights[row];
  var lse = 0.0;
  if (weight != 0.0) { lse = logSumExp(start); }
  for (var c = 0u; c < columns; c++) {
    var d = 0.0;
    if (weight != 0.0) {
      d = weight * (exp(logits[start + c] - lse) - select(0.0, 1.0, c == u32(labels[row])));
    }
    result[start + c] = d;
  }
}
