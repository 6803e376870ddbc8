// dalpha = dz * (z - low)(high - z) / (high - low) where 0 < z < 1, else 0: s (1 - s) (high - low) with s from z.
override low: f32 = -1.5;
override high: f32 = 1.5;

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> dz: array<f32>;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> dalpha: array<f32>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let v = z[i];
      let slope = (v - low) * (high - v) / (high - low);
      dalpha[i] = select(0.0, dz[i] * slope, v > 0.0 && v < 1.0);
    }
  }
}
