// Gradient accumulation over micro-batches: sum = first ? s g : sum + s g, with s = step.lossScale and
// `first` bit 0 of step.flags. The first micro-batch overwrites, so the sum needs no clearing.
// Two entries: one float, or four, an item.

//#include "common/step"
//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> sum: array<f32>;
@group(0) @binding(0) var<storage, read_write> sum4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> gradients: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradients4: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> stepBlock: Step;

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let fresh = (stepBlock.flags & 1u) != 0u;
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      sum[i] = select(sum[i], 0.0, fresh) + stepBlock.lossScale * gradients[i];
    }
  }
}

@compute @workgroup_size(256)
fn wide(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let fresh = (stepBlock.flags & 1u) != 0u;
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      sum4[i] = select(sum4[i], vec4<f32>(0.0), fresh) + stepBlock.lossScale * gradients4[i];
    }
  }
}
