// Inverted dropout (Srivastava et al., 2014): y = x / (1 - rate) where kept, else 0. Element i is kept when
// word i of the Philox stream (seed, stream, step) is at least `threshold` = ceil(rate * 2^24) in its upper
// 24 bits, which is u >= rate exactly. The same mask applied to dy is the gradient.
// Two entries: an item is a Philox block, four elements, of which `narrow` may have fewer at the end.
override length: u32 = 1u; // elements
override threshold: u32 = 0u;
override scale: f32 = 1.0;
override stream: u32 = 0u;

//#include "common/step"
//#include "common/philox"
//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(0) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read_write> y4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> stepBlock: Step;

fn factors(block: u32) -> vec4<f32> {
  let words = philoxBlock(stepBlock.seed, stream, stepBlock.step, block) >> vec4<u32>(8u);
  return select(vec4<f32>(0.0), vec4<f32>(scale), words >= vec4<u32>(threshold));
}

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let block = itemOf(group, groups, lane, k);
    if (block < count) {
      let factor = factors(block);
      for (var j = 0u; j < min(4u, length - 4u * block); j++) { y[4u * block + j] = x[4u * block + j] * factor[j]; }
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
    let block = itemOf(group, groups, lane, k);
    if (block < count) { y4[block] = x4[block] * factors(block); }
  }
}
