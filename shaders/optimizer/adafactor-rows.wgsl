// Adafactor's row factor of one matrix (Shazeer and Stern, 2018), and the squares of its parameters on the way:
//   rowMoment[r] = beta2 rowMoment[r] + (1 - beta2) (mean over c of g^2 + eps1);  squares[r] = sum over c of p^2
// Entries: shared, a workgroup a row; serial, an invocation a row, for software adapters.
override columns: u32 = 1u;

//#include "common/adafactor"
//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>; // [rows, columns]
@group(0) @binding(1) var<storage, read_write> gradients: array<f32>;  // [rows, columns]
@group(0) @binding(2) var<storage, read_write> rowMoment: array<f32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> squares: array<f32>;    // [rows]
@group(0) @binding(4) var<storage, read_write> norm: array<f32>;       // [norm, scale, finite, 0]
@group(0) @binding(5) var<storage, read_write> stepBlock: Step;

fn store(row: u32, sums: vec2<f32>) {
  if (norm[2] == 0.0) { return; }
  rowMoment[row] = averaged(rowMoment[row], sums.x / f32(columns) + epsilon1, stepBlock.beta2Correction);
  squares[row] = sums.y;
}

fn sumsAt(at: u32) -> vec2<f32> {
  let g = gradients[at] * norm[1];
  return vec2<f32>(g * g, parameters[at] * parameters[at]);
}

@compute @workgroup_size(workgroupSize)
fn shared_rows(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * groups.x + group.x;
  if (row >= arrayLength(&rowMoment)) { return; }
  var sums = vec2<f32>(0.0);
  for (var c = lane; c < columns; c += workgroupSize) { sums += sumsAt(row * columns + c); }
  sums = workgroupSum(sums, lane);
  if (lane == 0u) { store(row, sums); }
}

@compute @workgroup_size(32)
fn serial(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 32u + lane;
  if (row >= arrayLength(&rowMoment)) { return; }
  var sums = vec2<f32>(0.0);
  for (var c = 0u; c < columns; c++) { sums += sumsAt(row * columns + c); }
  store(row, sums);
}
