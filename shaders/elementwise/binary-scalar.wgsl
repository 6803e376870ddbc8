// y = a op b as in binary.wgsl, where b is constant along the last axis and a is not: four floats an item.
// Dims and a's strides count fours, b's strides floats. Since a and b are seen as different types they may
// not be the same memory.

//#include "elementwise/items"
//#include "elementwise/arithmetic"

@group(0) @binding(0) var<storage, read_write> a: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) { y[i] = apply(a[placeA(i)], vec4<f32>(b[placeB(i)])); }
  }
}
