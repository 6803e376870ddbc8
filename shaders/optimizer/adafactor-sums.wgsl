// For the root mean square of Adafactor's update of one matrix: sums[r] = (sum over c of g^2 / columnMoment[c]) / rowMoment[r].
// Entries: shared_rows, a workgroup a row; serial, an invocation a row, for software adapters.
override columns: u32 = 1u;

//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> gradients: array<f32>;    // [rows, columns]
@group(0) @binding(1) var<storage, read_write> rowMoment: array<f32>;    // [rows]
@group(0) @binding(2) var<storage, read_write> columnMoment: array<f32>; // [columns]
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;         // [rows]
@group(0) @binding(4) var<storage, read_write> norm: array<f32>;         // [norm, scale, finite, 0]

fn term(row: u32, column: u32) -> f32 {
  let g = gradients[row * columns + column] * norm[1];
  return g * g / columnMoment[column];
}

@compute @workgroup_size(workgroupSize)
fn shared_rows(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * groups.x + group.x;
  if (row >= arrayLength(&rowMoment)) { return; }
  var sum = 0.0;
  for (var c = lane; c < columns; c += workgroupSize) { sum += term(row, c); }
  sum = workgroupSum(vec2<f32>(sum, 0.0), lane).x;
  if (lane == 0u) { sums[row] = sum / rowMoment[row]; }
}

@compute @workgroup_size(32)
fn serial(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&rowMoment)) { return; }
  var sum = 0.0;
  for (var c = 0u; c < columns; c++) { sum += term(row, c); }
  sums[row] = sum / rowMoment[row];
}
