// y = a op b with numpy broadcasting: a and b are strided views of y's shape (strides.wgsl).
// kind 0 a + b, 1 a - b, 2 a * b, 3 a / b.
// Entries: narrow, one float an item, any strides; wide, four floats an item, both inner strides 1;
// wideScalar, the same with b constant along the last axis. Dims and strides count items of the entry,
// but for wideScalar's b, which counts floats.
override kind: u32 = 0u;
override a0: u32 = 0u;
override a1: u32 = 0u;
override a2: u32 = 0u;
override a3: u32 = 0u;
override a4: u32 = 1u;
override b0: u32 = 0u;
override b1: u32 = 0u;
override b2: u32 = 0u;
override b3: u32 = 0u;
override b4: u32 = 1u;

//#include "elementwise/items"
//#include "layout/strides"

@group(0) @binding(0) var<storage, read_write> aNarrow: array<f32>;
@group(0) @binding(0) var<storage, read_write> aWide: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> bNarrow: array<f32>;
@group(0) @binding(1) var<storage, read_write> bWide: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> yNarrow: array<f32>;
@group(0) @binding(2) var<storage, read_write> yWide: array<vec4<f32>>;

fn apply(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  switch kind {
    case 0u: { return a + b; }
    case 1u: { return a - b; }
    case 2u: { return a * b; }
    default: { return a / b; }
  }
}

fn placeA(i: u32) -> u32 { return strided(i, a0, a1, a2, a3, a4); }
fn placeB(i: u32) -> u32 { return strided(i, b0, b1, b2, b3, b4); }

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

@compute @workgroup_size(256)
fn wideScalar(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) { yWide[i] = apply(aWide[placeA(i)], vec4<f32>(bNarrow[placeB(i)])); }
  }
}
