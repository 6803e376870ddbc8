// Gradient of a table lookup, overwritten whole: dTable[r, :] = sum over positions t with ids[t] = firstRow + r
// of dy[t, :]; rows that do not appear are zeroed. Without atomics, so deterministic: the host sorts the ids,
// and each row finds its stretch of them by binary search.
// A workgroup takes `lanes` columns of a row, and divides the row's positions among `slices` that it adds up
// in workgroup memory: many slices where few rows have many positions (token types), one for vocabularies.
// gather-grad-runs.wgsl is for software adapters.
override rows: u32 = 1u;
override firstRow: u32 = 0u;
override positions: u32 = 1u;
override width: u32 = 1u;
override lanes: u32 = 64u;  // columns of a workgroup
override slices: u32 = 1u;  // lanes * slices invocations
override columnGroups: u32 = 1u; // ceil(width / lanes)

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;     // [positions, width]
@group(0) @binding(1) var<storage, read_write> order: array<i32>;  // [2, positions]: sorted ids, their positions
@group(0) @binding(2) var<storage, read_write> dTable: array<f32>; // [rows, width]

// The first k with order[k] >= id.
fn lowerBound(id: i32) -> u32 {
  var low = 0u;
  var high = positions;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (order[middle] < id) { low = middle + 1u; } else { high = middle; }
  }
  return low;
}

override invocations: u32 = lanes * slices;
var<workgroup> sums: array<f32, invocations>;

@compute @workgroup_size(lanes, slices)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
) {
  let item = group.y * groups.x + group.x;
  let row = item / columnGroups;
  if (row >= rows) { return; }
  let column = (item % columnGroups) * lanes + local.x;
  let id = i32(firstRow + row);
  let begin = lowerBound(id);
  var sum = 0.0;
  if (column < width) {
    for (var k = begin + local.y; k < positions && order[k] == id; k += slices) {
      sum += dy[u32(order[positions + k]) * width + column];
    }
  }
  if (slices > 1u) {
    sums[local.y * lanes + local.x] = sum;
    workgroupBarrier();
    if (local.y == 0u) {
      for (var slice = 1u; slice < slices; slice++) { sum += sums[slice * lanes + local.x]; }
    }
  }
  if (local.y == 0u && column < width) { dTable[row * width + column] = sum; }
}
