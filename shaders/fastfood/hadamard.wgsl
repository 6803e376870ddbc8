// y = H x, the Walsh-Hadamard transform of every row without a factor, a workgroup a row.
override rows: u32 = 1u;

//#include "fastfood/block"

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [rows, block]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [rows, block]

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  for (var i = lane; i < block; i += threads) { values[i] = x[row * block + i]; }
  transform(lane, min(block, arrayLength(&y) * block));
  for (var i = lane; i < block; i += threads) { y[row * block + i] = values[i]; }
}
