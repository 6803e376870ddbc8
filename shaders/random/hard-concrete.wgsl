// Gates (gate.wgsl) on their own. An item is a Philox block of four.
override length: u32 = 1u; // elements

//#include "random/gate"
//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> alpha: array<f32>;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> stepBlock: Step;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let block = itemOf(group, groups, lane, k);
    if (block < count) {
      let noise = gateNoise(block);
      for (var j = 0u; j < min(4u, length - 4u * block); j++) {
        let i = 4u * block + j;
        z[i] = gateOf(alpha[i] + noise[j]);
      }
    }
  }
}
