// Differences under hard-concrete gates (gate.wgsl) in one pass: y = base + w z (w z alone without `based`),
// where `kept` z too, and where `summed` partial, of each invocation the sum of sigmoid(alpha) over its items. An item
// is a Philox block of four. Operands that are not there repeat another one and are left alone.
override length: u32 = 1u; // elements
override based: u32 = 1u;
override kept: u32 = 1u;
override summed: u32 = 0u;

//#include "random/gate"
//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> w: array<f32>;
@group(0) @binding(1) var<storage, read_write> alpha: array<f32>;
@group(0) @binding(2) var<storage, read_write> base: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> z: array<f32>;
@group(0) @binding(5) var<storage, read_write> partial: array<f32>;
@group(0) @binding(6) var<storage, read_write> stepBlock: Step;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  var sum = 0.0;
  for (var k = 0u; k < perThread; k++) {
    let block = itemOf(group, groups, lane, k);
    if (block < count) {
      let noise = gateNoise(block);
      for (var j = 0u; j < min(4u, length - 4u * block); j++) {
        let i = 4u * block + j;
        let gate = gateOf(alpha[i] + noise[j]);
        if (summed == 1u) { sum += 1.0 / (1.0 + exp(-alpha[i])); }
        if (kept == 1u) { z[i] = gate; }
        var value = w[i] * gate;
        if (based == 1u) { value += base[i]; }
        y[i] = value;
      }
    }
  }
  if (summed == 1u) { partial[(group.y * groups.x + group.x) * 256u + lane] = sum; }
}
