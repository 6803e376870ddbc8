// Hard-concrete gates (Louizos et al., 2018): z = clip(s (high - low) + low, 0, 1), s = sigmoid(alpha + noise), where
// noise = ln u / (1 - u) of the uniform u of the element's word of the Philox stream, held between 1e-4 and 1 - 1e-4
// (Guo et al., 2021). Without `noisy` there is none. An item is a Philox block of four.
override length: u32 = 1u; // elements
override low: f32 = -1.5;
override high: f32 = 1.5;
override noisy: u32 = 1u;
override stream: u32 = 0u;

//#include "common/step"
//#include "common/philox"
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
      var noise = vec4<f32>(0.0);
      if (noisy == 1u) {
        let u = clamp(
          philoxUniform4(stepBlock.seed, stream, stepBlock.step, block),
          vec4<f32>(1e-4), vec4<f32>(0.9999));
        noise = log(u) - log(1.0 - u);
      }
      for (var j = 0u; j < min(4u, length - 4u * block); j++) {
        let i = 4u * block + j;
        let s = 1.0 / (1.0 + exp(-(alpha[i] + noise[j])));
        z[i] = clamp(s * (high - low) + low, 0.0, 1.0);
      }
    }
  }
}
