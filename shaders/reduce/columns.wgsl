// Sums down columns: y[outer, block, c] = scale * sum over the block's rows of x[outer, row, c], an
// invocation a column (or four) of a block. x is [outers, rows, columns], y [outers, blocks, columns]; with
// several blocks a second run adds them, in order: deterministic. Bias gradients are this with outers = 1.
// Two entries: columns one by one, or in fours (then `columns` counts fours).
// Rows and blocks are read off what is bound, so that one pipeline serves all batch sizes and lengths.
override outers: u32 = 1u;
override columns: u32 = 1u;
override scale: f32 = 1.0;

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(0) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read_write> y4: array<vec4<f32>>;

@compute @workgroup_size(64)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  if (item >= arrayLength(&y)) { return; }
  let rows = arrayLength(&x) / (outers * columns);
  let blocks = arrayLength(&y) / (outers * columns);
  let blockRows = (rows + blocks - 1u) / blocks;
  let column = item % columns;
  let block = (item / columns) % blocks;
  let start = (item / columns / blocks) * rows;
  var sum = 0.0;
  for (var row = block * blockRows; row < min((block + 1u) * blockRows, rows); row++) {
    sum += x[(start + row) * columns + column];
  }
  y[item] = scale * sum;
}

@compute @workgroup_size(64)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  if (item >= arrayLength(&y4)) { return; }
  let rows = arrayLength(&x4) / (outers * columns);
  let blocks = arrayLength(&y4) / (outers * columns);
  let blockRows = (rows + blocks - 1u) / blocks;
  let column = item % columns;
  let block = (item / columns) % blocks;
  let start = (item / columns / blocks) * rows;
  var sum = vec4<f32>(0.0);
  for (var row = block * blockRows; row < min((block + 1u) * blockRows, rows); row++) {
    sum += x4[(start + row) * columns + column];
  }
  y4[item] = scale * sum;
}
