// dv[e] = sum over t of x[t, source(e)] * dy[t, column(e)]: of the gradient of a dense matrix only the chosen entries.
// index = [starts (columns + 1), sources (entries)], entries in the order of their columns. One item an entry.
override inner: u32 = 1u;   // columns of x
override columns: u32 = 1u; // of dy
override rows: u32 = 1u;

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> x: array<f32>;  // [rows, inner]
@group(0) @binding(1) var<storage, read_write> dy: array<f32>; // [rows, columns]
@group(0) @binding(2) var<storage, read_write> index: array<i32>;
@group(0) @binding(3) var<storage, read_write> dv: array<f32>; // [count]

// The column whose stretch of entries holds e.
fn columnOf(e: i32) -> u32 {
  var low = 0u;
  var high = columns;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (index[middle] <= e) { low = middle; } else { high = middle; }
  }
  return low;
}

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let e = itemOf(group, groups, lane, k);
    if (e < count) {
      let column = columnOf(i32(e));
      let source = u32(index[columns + 1u + e]);
      // Two sums: rounding of a long one would show.
      var even = 0.0;
      var odd = 0.0;
      for (var t = 0u; t + 1u < rows; t += 2u) {
        even += x[t * inner + source] * dy[t * columns + column];
        odd += x[(t + 1u) * inner + source] * dy[(t + 1u) * columns + column];
      }
      if (rows % 2u == 1u) { even += x[(rows - 1u) * inner + source] * dy[(rows - 1u) * columns + column]; }
      dv[e] = even + odd;
    }
  }
}
