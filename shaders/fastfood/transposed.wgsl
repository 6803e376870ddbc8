// partial[w] = sum over the segments of workgroup w of G_kj H dy: the transpose of fastfood/project without its factor.
override byRows: u32 = 0u;

//#include "fastfood/block"

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;      // [elements] or [segments, columns]
@group(0) @binding(1) var<storage, read_write> normal: array<i32>;  // [256], bits of floats
@group(0) @binding(2) var<storage, read_write> key: array<i32>;     // seed, stream, bits of the factor
@group(0) @binding(3) var<storage, read_write> ids: array<i32>;     // [segments]
@group(0) @binding(4) var<storage, read_write> partial: array<f32>; // [workgroups, chunks, block]

var<workgroup> first: u32;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let elements = arrayLength(&dy);
  let segments = select((elements + block - 1u) / block, arrayLength(&ids), byRows == 1u);
  let columns = elements / segments;
  let own = group.x * chunks * block;
  for (var run = lane; run < block / 16u; run += threads) {
    for (var j = 0u; j < chunks; j++) {
      for (var i = 0u; i < 16u; i++) { partial[own + j * block + 16u * run + i] = 0.0; }
    }
  }
  for (var segment = group.x; segment < segments; segment += groups.x) {
    if (lane == 0u) { first = select(segment * block, u32(ids[segment * byRows]) * columns, byRows == 1u); }
    let start = workgroupUniformLoad(&first);
    let end = select(min(start + block, elements), start + columns, byRows == 1u);
    let source = select(start, segment * columns, byRows == 1u);
    for (var k = start / block; k * block < end; k++) {
      workgroupBarrier();
      for (var i = lane; i < block; i += threads) {
        let at = k * block + i;
        values[i] = 0.0;
        if (at >= start && at < end) { values[i] = dy[source + at - start]; }
      }
      transform(lane, min(block, arrayLength(&partial) * block));
      for (var run = lane; run < block / 16u; run += threads) {
        for (var j = 0u; j < chunks; j++) {
          let bytes = bytesOf(key[0], key[1], k, j, run);
          for (var i = 0u; i < 16u; i++) {
            let g = bitcast<f32>(normal[(bytes[i / 4u] >> (8u * (i % 4u))) & 255u]);
            partial[own + j * block + 16u * run + i] += g * values[16u * run + i];
          }
        }
      }
    }
  }
}
