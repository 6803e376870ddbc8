// y = base + scale * the Fastfood projection of u (Le, Sarlos and Smola, 2013; src/graph/fastfood.ts): block k of the
// output's elements, in flat order, is H sum_j G_kj u_j. A workgroup a segment: a block, or with `byRows` the row that
// ids name, with the blocks it lies in.
override byRows: u32 = 0u;

//#include "fastfood/block"

@group(0) @binding(0) var<storage, read_write> base: array<f32>;   // [elements]
@group(0) @binding(1) var<storage, read_write> u: array<f32>;      // [chunks, block]
@group(0) @binding(2) var<storage, read_write> normal: array<i32>; // [256], bits of floats
@group(0) @binding(3) var<storage, read_write> key: array<i32>;    // seed, stream, bits of the factor
@group(0) @binding(4) var<storage, read_write> ids: array<i32>;    // [segments]
@group(0) @binding(5) var<storage, read_write> y: array<f32>;      // [elements] or [segments, columns]

var<workgroup> first: u32;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let segment = group.y * groups.x + group.x;
  let elements = arrayLength(&base);
  let segments = select((elements + block - 1u) / block, arrayLength(&ids), byRows == 1u);
  if (segment >= segments) { return; }
  let columns = arrayLength(&y) / segments;
  let scale = bitcast<f32>(key[2]);
  if (lane == 0u) { first = select(segment * block, u32(ids[segment * byRows]) * columns, byRows == 1u); }
  let start = workgroupUniformLoad(&first);
  let end = select(min(start + block, elements), start + columns, byRows == 1u);
  let to = select(start, segment * columns, byRows == 1u);
  for (var k = start / block; k * block < end; k++) {
    workgroupBarrier();
    for (var run = lane; run < block / 16u; run += threads) {
      for (var i = 0u; i < 16u; i++) { values[16u * run + i] = 0.0; }
      for (var j = 0u; j < chunks; j++) {
        let bytes = bytesOf(key[0], key[1], k, j, run);
        for (var i = 0u; i < 16u; i++) {
          let g = bitcast<f32>(normal[(bytes[i / 4u] >> (8u * (i % 4u))) & 255u]);
          values[16u * run + i] += g * u[j * block + 16u * run + i];
        }
      }
    }
    transform(lane, min(block, arrayLength(&y) * block));
    let last = min(end, (k + 1u) * block);
    for (var at = max(start, k * block) + lane; at < last; at += threads) {
      y[to + at - start] = base[at] + scale * values[at - k * block];
    }
  }
}
