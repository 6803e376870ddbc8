// dx = dy * f'(v), with v what unaryDerivative4 of functions.wgsl wants. Two entries: one float, or four, an item.
override kind: u32 = 0u;
override factor: f32 = 1.0;

//#include "elementwise/items"
//#include "elementwise/functions"

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;
@group(0) @binding(0) var<storage, read_write> dy4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> v: array<f32>;
@group(0) @binding(1) var<storage, read_write> v4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx4: array<vec4<f32>>;

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) { dx[i] = dy[i] * unaryDerivative4(kind, factor, vec4<f32>(v[i])).x; }
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
    if (i < count) { dx4[i] = dy4[i] * unaryDerivative4(kind, factor, v4[i]); }
  }
}
