// Square sums of one packed gradient buffer: partial[offset + i] = sum over j of g[i + j*partials]^2.
// First half of clip_grad_norm_ (Pascanu et al., 2013); norm-finish.wgsl adds the partials of all buffers.
// Neighbouring invocations read neighbouring elements. Two entries: one float, or four, an item.
override count: u32 = 1u;     // items
override partials: u32 = 64u; // of this buffer: a multiple of 64
override offset: u32 = 0u;    // of its first partial

@group(0) @binding(0) var<storage, read_write> gradients: array<f32>;            // [count]
@group(0) @binding(0) var<storage, read_write> gradients4: array<vec4<f32>>;     // the same, four wide
@group(0) @binding(1) var<storage, read_write> partialSums: array<f32>;          // of all buffers

@compute @workgroup_size(64)
fn narrow(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = 0.0;
  for (var i = id.x; i < count; i += partials) {
    sum += gradients[i] * gradients[i];
  }
  partialSums[offset + id.x] = sum;
}

@compute @workgroup_size(64)
fn wide(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = vec4<f32>(0.0);
  for (var i = id.x; i < count; i += partials) {
    sum += gradients4[i] * gradients4[i];
  }
  partialSums[offset + id.x] = (sum.x + sum.y) + (sum.z + sum.w);
}
