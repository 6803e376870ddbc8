// Gradient of a table lookup as in gather-grad.wgsl, for software adapters: dTable is zeroed before
// (layout/zero.wgsl), then equal ids, neighbours in the sorted order, are added up by the invocation that
// finds the first of them, one for each column. Rows of the table outside the batch cost a store, no search.
// Two entries: columns one by one, or in fours (then `width` counts fours).
override rows: u32 = 1u;
override firstRow: u32 = 0u;
override width: u32 = 1u;

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;     // [positions, width]
@group(0) @binding(0) var<storage, read_write> dy4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> order: array<i32>;  // [2, positions]: sorted ids, their positions
@group(0) @binding(2) var<storage, read_write> dTable: array<f32>; // [rows, width], zero
@group(0) @binding(2) var<storage, read_write> dTable4: array<vec4<f32>>;

// Not a constant, so that one pipeline serves all batch sizes and lengths.
fn positionCount() -> u32 { return arrayLength(&order) / 2u; }

// Whether a run of an id of this table begins at `first`.
fn begins(first: u32) -> bool {
  if (first >= positionCount()) { return false; }
  let id = order[first];
  if (u32(id) - firstRow >= rows) { return false; } // ids below firstRow wrap around
  if (first == 0u) { return true; }
  return order[first - 1u] != id;
}

@compute @workgroup_size(64)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  let first = item / width;
  let column = item % width;
  if (!begins(first)) { return; }
  let id = order[first];
  let positions = positionCount();
  var sum = 0.0;
  for (var k = first; k < positions && order[k] == id; k++) {
    sum += dy[u32(order[positions + k]) * width + column];
  }
  dTable[(u32(id) - firstRow) * width + column] = sum;
}

@compute @workgroup_size(64)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  let first = item / width;
  let column = item % width;
  if (!begins(first)) { return; }
  let id = order[first];
  let positions = positionCount();
  var sum = vec4<f32>(0.0);
  for (var k = first; k < positions && order[k] == id; k++) {
    sum += dy4[u32(order[positions + k]) * width + column];
  }
  dTable4[(u32(id) - firstRow) * width + column] = sum;
}
