// Adds the partial square sums of norm-partial.wgsl: norm = [|g|, scale, finite, 0] with
// scale = unscale min(1, maxGradNorm / (|g| + 1e-6)) as PyTorch's clip_grad_norm_, unscale when maxGradNorm is 0; the
// gradients are 1 / unscale, a power of two, times too large.
// finite is 0 when the norm is NaN or infinite, told by its exponent bits because WGSL may assume there
// are none. One workgroup.
override partials: u32 = 64u;
override maxGradNorm: f32 = 0.0;
override unscale: f32 = 1.0;

@group(0) @binding(0) var<storage, read_write> partialSums: array<f32>; // [partials]
@group(0) @binding(1) var<storage, read_write> norm: array<f32>;        // [4]

//#include "reduce/workgroup"

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < partials; i += workgroupSize) {
    sum += partialSums[i];
  }
  let total = sqrt(workgroupSum(vec2<f32>(sum, 0.0), lane).x) * unscale;
  if (lane == 0u) {
    let finite = (bitcast<u32>(total) & 0x7f800000u) != 0x7f800000u;
    norm[0] = total;
    norm[1] = unscale * select(1.0, min(1.0, maxGradNorm / (total + 1e-6)), maxGradNorm > 0.0);
    norm[2] = select(0.0, 1.0, finite);
    norm[3] = 0.0;
  }
}
