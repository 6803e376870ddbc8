// Adafactor's update of one matrix, in the order of Hugging Face's `Adafactor`, with the numbers of
// adafactor-finish.wgsl:
//   u = g / sqrt(rowMoment columnMoment) stats[0];  m = b1 m + (1 - b1) u where there is a first moment, else m = u
//   p = p - stats[1] p;  p = p - m
// Does nothing when norm.finite is 0.
override columns: u32 = 1u;
override firstMoment: bool = false;
override beta1: f32 = 0.0;
override oneMinusBeta1: f32 = 1.0;

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;   // [rows, columns]
@group(0) @binding(1) var<storage, read_write> gradients: array<f32>;    // [rows, columns]
@group(0) @binding(2) var<storage, read_write> rowMoment: array<f32>;    // [rows]
@group(0) @binding(3) var<storage, read_write> columnMoment: array<f32>; // [columns]
@group(0) @binding(4) var<storage, read_write> first: array<f32>;        // [rows, columns]; without: repeats parameters
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;        // [4]
@group(0) @binding(6) var<storage, read_write> norm: array<f32>;         // [norm, scale, finite, 0]

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  if (norm[2] == 0.0) { return; }
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let factor = inverseSqrt(rowMoment[i / columns]) * inverseSqrt(columnMoment[i % columns]);
      var update = gradients[i] * norm[1] * factor * stats[0];
      if (firstMoment) {
        update = beta1 * first[i] + oneMinusBeta1 * update;
        first[i] = update;
      }
      let p = parameters[i];
      parameters[i] = p - stats[1] * p - update;
    }
  }
}
