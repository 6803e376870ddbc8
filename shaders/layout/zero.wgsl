// y = 0. Two entries: one word, or four, an item.

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> yNarrow: array<u32>;
@group(0) @binding(0) var<storage, read_write> yWide: array<vec4<u32>>;

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) { yNarrow[i] = 0u; }
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
    if (i < count) { yWide[i] = vec4<u32>(0u); }
  }
}
