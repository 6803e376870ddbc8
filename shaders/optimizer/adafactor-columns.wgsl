// Square sums down the columns of one matrix of gradients, by blocks of rows: partial[block, c] = sum of (s g)^2.
// adafactor-column-moment.wgsl adds the blocks. An invocation a column of a block.
override columns: u32 = 1u;
override blocks: u32 = 1u;

@group(0) @binding(0) var<storage, read_write> gradients: array<f32>; // [rows, columns]
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;   // [blocks, columns]
@group(0) @binding(2) var<storage, read_write> norm: array<f32>;      // [norm, scale, finite, 0]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  if (item >= blocks * columns) { return; }
  let rows = arrayLength(&gradients) / columns;
  let blockRows = (rows + blocks - 1u) / blocks;
  let block = item / columns;
  var sum = 0.0;
  for (var row = block * blockRows; row < min((block + 1u) * blockRows, rows); row++) {
    let g = gradients[row * columns + item % columns] * norm[1];
    sum += g * g;
  }
  partial[item] = sum;
}
