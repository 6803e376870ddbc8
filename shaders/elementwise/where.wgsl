// y = c != 0 ? a : b with numpy broadcasting: c, a and b are strided views of y's shape (strides.wgsl).
// Everything moves as bits, so i32 and NaN pass unharmed. c is f32 (where -0 is 0 too) or i32.
// Two entries: one word an item with any strides, or four with all inner strides 1.
override conditionIsInteger: u32 = 0u;
override c0: u32 = 0u;
override c1: u32 = 0u;
override c2: u32 = 0u;
override c3: u32 = 0u;
override c4: u32 = 1u;
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

@group(0) @binding(0) var<storage, read_write> cNarrow: array<u32>;
@group(0) @binding(0) var<storage, read_write> cWide: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> aNarrow: array<u32>;
@group(0) @binding(1) var<storage, read_write> aWide: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> bNarrow: array<u32>;
@group(0) @binding(2) var<storage, read_write> bWide: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read_write> yNarrow: array<u32>;
@group(0) @binding(3) var<storage, read_write> yWide: array<vec4<u32>>;

fn chosen(c: vec4<u32>) -> vec4<bool> {
  let bits = select(c & vec4<u32>(0x7fffffffu), c, conditionIsInteger != 0u);
  return bits != vec4<u32>(0u);
}

fn placeC(i: u32) -> u32 { return strided(i, c0, c1, c2, c3, c4); }
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
      yNarrow[i] = select(bNarrow[placeB(i)], aNarrow[placeA(i)], chosen(vec4<u32>(cNarrow[placeC(i)])).x);
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
    if (i < count) { yWide[i] = select(bWide[placeB(i)], aWide[placeA(i)], chosen(cWide[placeC(i)])); }
  }
}
