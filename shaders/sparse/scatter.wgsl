// y[ids[e]] = values[e]; all else of y is zero already (layout/zero). No place occurs twice.

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> values: array<f32>; // [count]
@group(0) @binding(1) var<storage, read_write> ids: array<i32>;    // [count], flat places of y
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let e = itemOf(group, groups, lane, k);
    if (e < count) { y[ids[e]] = values[e]; }
  }
}
