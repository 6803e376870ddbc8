// SGD with momentum over a packed buffer, as PyTorch's SGD with dampening 0:
//   g = gradient * norm.scale + wd p;  velocity = momentum velocity + g;  p = p - lr velocity
// Does nothing when norm.finite is 0. Two entries: one float, or four, an item.
override weightDecay: f32 = 0.0;
override momentum: f32 = 0.0;
override learningRateScale: f32 = 1.0;

//#include "common/step"
//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(0) var<storage, read_write> parameters4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> gradients: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradients4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> velocity: array<f32>;
@group(0) @binding(2) var<storage, read_write> velocity4: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> norm: array<f32>; // [norm, scale, finite, 0]
@group(0) @binding(4) var<storage, read_write> stepBlock: Step;

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  if (norm[2] == 0.0) { return; }
  let rate = stepBlock.learningRate * learningRateScale;
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let p = parameters[i];
      let next = momentum * velocity[i] + (gradients[i] * norm[1] + weightDecay * p);
      velocity[i] = next;
      parameters[i] = p - rate * next;
    }
  }
}

@compute @workgroup_size(256)
fn wide(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  if (norm[2] == 0.0) { return; }
  let rate = stepBlock.learningRate * learningRateScale;
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let p = parameters4[i];
      let next = momentum * velocity4[i] + (gradients4[i] * norm[1] + weightDecay * p);
      velocity4[i] = next;
      parameters4[i] = p - rate * next;
    }
  }
}
