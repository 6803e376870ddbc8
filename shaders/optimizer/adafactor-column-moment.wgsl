// Adafactor's column factor of one matrix (Shazeer and Stern, 2018), from the sums of adafactor-columns.wgsl:
//   columnMoment[c] = beta2 columnMoment[c] + (1 - beta2) (mean over r of g^2 + eps1)
override blocks: u32 = 1u;
override rows: u32 = 1u;

//#include "common/adafactor"

@group(0) @binding(0) var<storage, read_write> partial: array<f32>;      // [blocks, columns]
@group(0) @binding(1) var<storage, read_write> columnMoment: array<f32>; // [columns]
@group(0) @binding(2) var<storage, read_write> norm: array<f32>;         // [norm, scale, finite, 0]
@group(0) @binding(3) var<storage, read_write> stepBlock: Step;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let column = (group.y * groups.x + group.x) * 64u + lane;
  let columns = arrayLength(&columnMoment);
  if (column >= columns || norm[2] == 0.0) { return; }
  var sum = 0.0;
  for (var block = 0u; block < blocks; block++) { sum += partial[block * columns + column]; }
  columnMoment[column] = averaged(columnMoment[column], sum / f32(rows) + epsilon1, stepBlock.beta2Correction);
}
