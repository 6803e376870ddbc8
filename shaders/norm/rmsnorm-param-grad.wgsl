// Gradient of root-mean-square normalisation in gamma: sums over blocks of rows,
//   dgamma[block, c] = sum over its rows of dy * x * rstd.
// An invocation takes one column, or four, of one block. With one block the output is the gradient
// (overwritten); else reduce/columns adds the blocks, in order: the result is deterministic.
// Rows and blocks are read off what is bound, so that one pipeline serves all batch sizes and lengths.
override columns: u32 = 1u;   // items a row: floats, or fours

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;
@group(0) @binding(0) var<storage, read_write> dy4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> rstd: array<f32>;
@group(0) @binding(3) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(3) var<storage, read_write> dgamma4: array<vec4<f32>>;

@compute @workgroup_size(64)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  if (item >= arrayLength(&dgamma)) { return; }
  let rows = arrayLength(&rstd);
  let blocks = arrayLength(&dgamma) / columns;
  let blockRows = (rows + blocks - 1u) / blocks;
  let column = item % columns;
  let firstRow = (item / columns) * blockRows;
  var sum = 0.0;
  for (var row = firstRow; row < min(firstRow + blockRows, rows); row++) {
    sum += dy[row * columns + column] * x[row * columns + column] * rstd[row];
  }
  dgamma[item] = sum;
}

@compute @workgroup_size(64)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  if (item >= arrayLength(&dgamma4)) { return; }
  let rows = arrayLength(&rstd);
  let blocks = arrayLength(&dgamma4) / columns;
  let blockRows = (rows + blocks - 1u) / blocks;
  let column = item % columns;
  let firstRow = (item / columns) * blockRows;
  var sum = vec4<f32>(0.0);
  for (var row = firstRow; row < min(firstRow + blockRows, rows); row++) {
    sum += dy4[row * columns + column] * x4[row * columns + column] * rstd[row];
  }
  dgamma4[item] = sum;
}
