// Writes a row into a buffer that keeps what it has: of `state` [outer, length, width] row `position` becomes `x`
// [outer, 1, width]. This is how the keys and values of a token join those of the tokens before it.
override width: u32 = 1u;
override length: u32 = 1u;

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> state: array<f32>;
@group(0) @binding(2) var<storage, read_write> position: array<i32>; // [1]

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) { state[(i / width * length + u32(position[0])) * width + i % width] = x[i]; }
  }
}
