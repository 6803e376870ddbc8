// y[t, j] = sum over the entries e of column j of x[t, source(e)] * values[entry(e)]
// A sparse matrix by columns: index = [starts (columns + 1), sources (entries), entries (entries)], the last only
// where the values are not in the order of the columns. One item an element of y.
override inner: u32 = 1u;   // columns of x
override columns: u32 = 1u; // of y
override entries: u32 = 1u;
override ordered: u32 = 1u;

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> x: array<f32>;      // [rows, inner]
@group(0) @binding(1) var<storage, read_write> values: array<f32>; // [entries]
@group(0) @binding(2) var<storage, read_write> index: array<i32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;      // [rows, columns]

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let sources = columns + 1u;
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let row = (i / columns) * inner;
      let column = i % columns;
      var sum = 0.0;
      for (var e = u32(index[column]); e < u32(index[column + 1u]); e++) {
        var at = e;
        if (ordered == 0u) { at = u32(index[sources + entries + e]); }
        sum += x[row + u32(index[sources + e])] * values[at];
      }
      y[i] = sum;
    }
  }
}
