// Cross-entropy of rows of logits, and its gradient, a workgroup a row. Rows of weight 0 are padding, whose
// label may be anything.  With lse = max + log sum exp(z - max):
//   rows:      rowLoss = w (lse - z[label])
//   gradient:  dz = w (exp(z - lse) - onehot(label)), overwritten whole
// The sum over rows is reduce/rows.wgsl. cross-entropy-serial.wgsl is for software adapters and few classes.
override rows: u32 = 1u;
override columns: u32 = 1u;

//#include "reduce/workgroup"

const LOWEST = -3.4028234663852886e38;

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;  // [rows, columns]
@group(0) @binding(1) var<storage, read_write> labels: array<i32>;  // [rows]
@group(0) @binding(2) var<storage, read_write> weights: array<f32>; // [rows], divided by their total
@group(0) @binding(3) var<storage, read_write> result: array<f32>;  // rows: [rows]; gradient: [rows, columns]

// log-sum-exp of the row at `start`
fn logSumExp(start: u32, lane: u32) -> f32 {
  var most = LOWEST;
  for (var c = lane; c < columns; c += workgroupSize) { most = max(most, logits[start + c]); }
  most = workgroupMax(most, lane);
  var sum = 0.0;
  for (var c = lane; c < columns; c += workgroupSize) { sum += exp(logits[start + c] - most); }
  return most + log(workgroupSum(vec2<f32>(sum, 0.0), lane).x);
}

@compute @workgroup_size(workgroupSize)
fn rowLosses(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let lse = logSumExp(row * columns, lane);
  if (lane == 0u) {
    let weight = weights[row];
    result[row] = 0.0;
    if (weight != 0.0) { result[row] = weight * (lse - logits[row * columns + u32(labels[row])]); }
  }
}

@compute @workgroup_size(workgroupSize)
fn gradient(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let start = row * columns;
  let lse = logSumExp(start, lane);
  let weight = weights[row];
  for (var c = lane; c < columns; c += workgroupSize) {
    var d = 0.0;
    if (weight != 0.0) {
      d = weight * (exp(logits[start + c] - lse) - select(0.0, 1.0, c == u32(labels[row])));
    }
    result[start + c] = d;
  }
}
