// y = a op b with numpy broadcasting: a and b are strided views of y's shape (strides.wgsl).
// Two entries: one float an item with any strides, or four with both inner strides 1; dims and strides
// count items. binary-scalar.wgsl has b constant along the last axis.

//#include "elementwise/items"
//#include "elementwise/arithmetic"

@group(0) @binding(0) var<storage, read_write> aNarrow: array<f32>;
@group(0) @binding(0) var<storage, read_write> aWide: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> bNarrow: array<f32>;
@group(0) @binding(1) var<storage, read_write> bWide: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> yNarrow: array<f32>;
@group(0) @binding(2) var<storage, read_write> yWide: array<vec4<f32>>;

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      yNarrow[i] = apply(vec4<f32>(aNarrow[placeA(i)]), vec4<f32>(bNarrow[placeB(i)])).x;
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
    if (i < count) { yWide[i] = apply(aWide[placeA(i)], bWide[placeB(i)]); }
  }
}
