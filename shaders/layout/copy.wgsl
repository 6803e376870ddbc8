// Moves elements from one strided view to another, both of shape [dim0, .., dim4]:
//   to[toOffset + sum c_k t_k] = from[fromOffset + sum c_k f_k]
// which is Transpose, Expand, Slice, one input of Concat, and a plain copy. Words move as bits.
// Entries: narrow, one word an item; wide, four with both inner strides 1; splat, four equal words from one
// (Expand along the last axis: `from` counts words, `to` groups of four).
override fromOffset: u32 = 0u;
override toOffset: u32 = 0u;
override f0: u32 = 0u;
override f1: u32 = 0u;
override f2: u32 = 0u;
override f3: u32 = 0u;
override f4: u32 = 1u;
override t0: u32 = 0u;
override t1: u32 = 0u;
override t2: u32 = 0u;
override t3: u32 = 0u;
override t4: u32 = 1u;

//#include "elementwise/items"
//#include "layout/strides"

@group(0) @binding(0) var<storage, read_write> fromNarrow: array<u32>;
@group(0) @binding(0) var<storage, read_write> fromWide: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> toNarrow: array<u32>;
@group(0) @binding(1) var<storage, read_write> toWide: array<vec4<u32>>;

fn placeFrom(i: u32) -> u32 { return fromOffset + strided(i, f0, f1, f2, f3, f4); }
fn placeTo(i: u32) -> u32 { return toOffset + strided(i, t0, t1, t2, t3, t4); }

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) { toNarrow[placeTo(i)] = fromNarrow[placeFrom(i)]; }
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
    if (i < count) { toWide[placeTo(i)] = fromWide[placeFrom(i)]; }
  }
}

@compute @workgroup_size(256)
fn splat(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) { toWide[placeTo(i)] = vec4<u32>(fromNarrow[placeFrom(i)]); }
  }
}
