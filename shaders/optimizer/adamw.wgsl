// AdamW (Loshchilov and Hutter, 2019) over a packed buffer, with PyTorch's order of operations:
//   p = p - lr wd p;  m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2
//   p = p - (lr / (1 - b1^t)) m / (sqrt(v) / sqrt(1 - b2^t) + eps),    g = gradient * norm.scale
// Does nothing when norm.finite is 0. Two entries: one float, or four, an item.
override weightDecay: f32 = 0.0;
override beta1: f32 = 0.9;
override oneMinusBeta1: f32 = 0.1;
override beta2: f32 = 0.999;
override oneMinusBeta2: f32 = 0.001;
override epsilon: f32 = 1e-8;
override learningRateScale: f32 = 1.0;

//#include "common/step"
//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(0) var<storage, read_write> parameters4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> gradients: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradients4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> firstMoment: array<f32>;
@group(0) @binding(2) var<storage, read_write> firstMoment4: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> secondMoment: array<f32>;
@group(0) @binding(3) var<storage, read_write> secondMoment4: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> norm: array<f32>; // [norm, scale, finite, 0]
@group(0) @binding(5) var<storage, read_write> stepBlock: Step;

struct Updated {
  parameter: vec4<f32>,
  first: vec4<f32>,
  second: vec4<f32>,
}

fn updated(parameter: vec4<f32>, gradient: vec4<f32>, first: vec4<f32>, second: vec4<f32>) -> Updated {
  let rate = stepBlock.learningRate * learningRateScale;
  let g = gradient * norm[1];
  let m = beta1 * first + oneMinusBeta1 * g;
  let v = beta2 * second + oneMinusBeta2 * g * g;
  let denominator = sqrt(v) / sqrt(stepBlock.beta2Correction) + epsilon;
  let decayed = parameter - rate * weightDecay * parameter;
  return Updated(decayed - (rate / stepBlock.beta1Correction) * m / denominator, m, v);
}

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  if (norm[2] == 0.0) { return; }
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let next = updated(vec4<f32>(parameters[i]), vec4<f32>(gradients[i]), vec4<f32>(firstMoment[i]), vec4<f32>(secondMoment[i]));
      parameters[i] = next.parameter.x;
      firstMoment[i] = next.first.x;
      secondMoment[i] = next.second.x;
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
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let next = updated(parameters4[i], gradients4[i], firstMoment4[i], secondMoment4[i]);
      parameters4[i] = next.parameter;
      firstMoment4[i] = next.first;
      secondMoment4[i] = next.second;
    }
  }
}
