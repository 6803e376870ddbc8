// y = sum + scale * the rows of partial added up; sum only where `added`.
override many: u32 = 1u;
override added: u32 = 0u;

//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> partial: array<f32>; // [many, count]
@group(0) @binding(1) var<storage, read_write> sum: array<f32>;     // [count]
@group(0) @binding(2) var<storage, read_write> key: array<i32>;     // seed, stream, bits of the factor
@group(0) @binding(3) var<storage, read_write> y: array<f32>;       // [count]

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      var all = 0.0;
      for (var p = 0u; p < many; p++) { all += partial[p * count + i]; }
      y[i] = bitcast<f32>(key[2]) * all;
      if (added == 1u) { y[i] += sum[i]; }
    }
  }
}
