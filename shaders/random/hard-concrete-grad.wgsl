// dalpha = dz * (z - low)(high - z) / (high - low) where 0 < z < 1, else 0.
//#include "random/gate-slope"
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
      dalpha[i] = throughGate(dz[i], z[i]);
    }
  }
}
