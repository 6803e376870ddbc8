// Gradients of layer normalisation in gamma and beta, first half: sums over blocks of rows,
//   dgamma[block, c] = sum over its rows of dy * (x - mean) * rstd,  dbeta[block, c] = sum of dy.
// An invocation takes one column, or four, of one block. With one block the outputs are the gradients
// (overwritten); else layernorm-param-sum.wgsl adds the blocks, in order: the result is deterministic.
// For software adapters; others take layernorm-param-grad-whole.wgsl.
// Rows and blocks are read off what is bound, so that one pipeline serves all batch sizes and lengths.
override columns: u32 = 1u;   // items a row: floats, or fours

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;
@group(0) @binding(0) var<storage, read_write> dy4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> mean: array<f32>;
@group(0) @binding(3) var<storage, read_write> rstd: array<f32>;
@group(0) @binding(4) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(4) var<storage, read_write> dgamma4: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> dbeta: array<f32>;
@group(0) @binding(5) var<storage, read_write> dbeta4: array<vec4<f32>>;

@compute @workgroup_size(64)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  if (item >= arrayLength(&dgamma)) { return; }
  let rows = arrayLength(&mean);
  let blocks = arrayLength(&dgamma) / columns;
  let blockRows = (rows + blocks - 1u) / blocks;
  let column = item % columns;
  let firstRow = (item / columns) * blockRows;
  var sumGamma = 0.0;
  var sumBeta = 0.0;
  for (var row = firstRow; row < min(firstRow + blockRows, rows); row++) {
    let g = dy[row * columns + column];
    sumGamma += g * (x[row * columns + column] - mean[row]) * rstd[row];
    sumBeta += g;
  }
  dgamma[item] = sumGamma;
  dbeta[item] = sumBeta;
}

@compute @workgroup_size(64)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  if (item >= arrayLength(&dgamma4)) { return; }
  let rows = arrayLength(&mean);
  let blocks = arrayLength(&dgamma4) / columns;
  let blockRows = (rows + blocks - 1u) / blocks;
  let column = item % columns;
  let firstRow = (item / columns) * blockRows;
  var sumGamma = vec4<f32>(0.0);
  var sumBeta = vec4<f32>(0.0);
  for (var row = firstRow; row < min(firstRow + blockRows, rows); row++) {
    let g = dy4[row * columns + column];
    sumGamma += g * (x4[row * columns + column] - mean[row]) * rstd[row];
    sumBeta += g;
  }
  dgamma4[item] = sumGamma;
  dbeta4[item] = sumBeta;
}
