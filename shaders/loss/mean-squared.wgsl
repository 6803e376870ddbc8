// Weighted squared error and its gradient: loss = sum w (p - t)^2, dp = 2 w (p - t).
// `loss` runs as one workgroup and writes [1]; `gradient` an item an invocation and writes [count].
override total: u32 = 1u;

//#include "reduce/workgroup"
//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> predictions: array<f32>; // [count]
@group(0) @binding(1) var<storage, read_write> targets: array<f32>;     // [count]
@group(0) @binding(2) var<storage, read_write> weights: array<f32>;     // [count], divided by their total
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(workgroupSize)
fn loss(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < total; i += workgroupSize) {
    let difference = predictions[i] - targets[i];
    sum += weights[i] * difference * difference;
  }
  let all = workgroupSum(vec2<f32>(sum, 0.0), lane).x;
  if (lane == 0u) { result[0] = all; }
}

@compute @workgroup_size(256)
fn gradient(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) { result[i] = 2.0 * weights[i] * (predictions[i] - targets[i]); }
  }
}
