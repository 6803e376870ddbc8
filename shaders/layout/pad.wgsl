// Zeros around one axis, seen as a matrix: y[row, c] = x[row, c - before] for before <= c < before + inner,
// else 0. y is [rows, outer], x is [rows, inner]. Words move as bits. Two entries: one word, or four, an item.
override outer: u32 = 1u;
override inner: u32 = 1u;
override before: u32 = 0u;

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> xNarrow: array<u32>;
@group(0) @binding(0) var<storage, read_write> xWide: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> yNarrow: array<u32>;
@group(0) @binding(1) var<storage, read_write> yWide: array<vec4<u32>>;

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let column = i % outer - before; // wraps around below `before`
      var word = 0u;
      if (column < inner) { word = xNarrow[(i / outer) * inner + column]; }
      yNarrow[i] = word;
    }
  }
}

@compute @workgroup_size(256)
fn wide(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let column = i % outer - before;
      var words = vec4<u32>(0u);
      if (column < inner) { words = xWide[(i / outer) * inner + column]; }
      yWide[i] = words;
    }
  }
}
