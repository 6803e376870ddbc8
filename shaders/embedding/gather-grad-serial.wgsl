// Gradient of a table lookup as in gather-grad.wgsl, an invocation a stretch of columns of a row, for software
// adapters. Two entries: columns one by one, or in fours (then `width` and `stretch` count fours).
override rows: u32 = 1u;
override firstRow: u32 = 0u;
override width: u32 = 1u;
override stretch: u32 = 1u; // columns of an invocation
override parts: u32 = 1u;   // ceil(width / stretch)

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;     // [positions, width]
@group(0) @binding(0) var<storage, read_write> dy4: array<vec4<f32>>;
// binding 1, order and positions: embedding/search
@group(0) @binding(2) var<storage, read_write> dTable: array<f32>; // [rows, width]
@group(0) @binding(2) var<storage, read_write> dTable4: array<vec4<f32>>;

//#include "embedding/search"

@compute @workgroup_size(64)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  let row = item / parts;
  if (row >= rows) { return; }
  let id = i32(firstRow + row);
  let begin = lowerBound(id);
  let first = (item % parts) * stretch;
  for (var column = first; column < min(first + stretch, width); column++) {
    var sum = 0.0;
    for (var k = begin; k < positions && order[k] == id; k++) {
      sum += dy[u32(order[positions + k]) * width + column];
    }
    dTable[row * width + column] = sum;
  }
}

@compute @workgroup_size(64)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  let row = item / parts;
  if (row >= rows) { return; }
  let id = i32(firstRow + row);
  let begin = lowerBound(id);
  let first = (item % parts) * stretch;
  for (var column = first; column < min(first + stretch, width); column++) {
    var sum = vec4<f32>(0.0);
    for (var k = begin; k < positions && order[k] == id; k++) {
      sum += dy4[u32(order[positions + k]) * width + column];
    }
    dTable4[row * width + column] = sum;
  }
}
