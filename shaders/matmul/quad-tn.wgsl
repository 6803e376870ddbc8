// y[i, j] = finish(sum_k a[k, i] b[k, j]), a [batch, K, M], b [K, N] or [batch, K, N]: the TN product (weight gradients), for software
// adapters with subgroups. Register-tiled, no workgroup memory: an invocation computes 8 rows by 4 columns
// in named vec4 accumulators. On a CPU every load of a storage buffer is a gather with bounds checks and
// costs as much as many multiplications, so the eight (along M) values of A that the four invocations of a
// quad all need are loaded one by each and passed round by quadBroadcast.
// Needs N % 4 == 0. Lanes beyond N read the last columns and store nothing, rows beyond M likewise.
enable subgroups;
//#include "matmul/epilogue4"

override K: u32 = 8u;
override LANES: u32 = 16u;     // invocations along N, a multiple of 4
override A_BATCH: u32 = 0u;    // elements from one batch entry of a to the next
override B_BATCH: u32 = 0u;    // the same of b, in vec4s

@group(0) @binding(0) var<storage, read_write> a: array<f32>;        // [batch, K, M]
@group(0) @binding(1) var<storage, read_write> b: array<vec4<f32>>;  // [batch?, K, N]

@compute @workgroup_size(LANES, 1, 1)
fn main(@builtin(workgroup_id) tile: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let batch = tile.z;
  let row = tile.y * 8u;
  let group = tile.x * LANES + local.x;  // of four columns
  let quadLane = local.x & 3u;
  let aBase = batch * A_BATCH;
  let bBase = batch * B_BATCH + min(group, N / 4u - 1u);
  let aLow = aBase + min(row + quadLane, M - 1u);
  let aHigh = aBase + min(row + 4u + quadLane, M - 1u);
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var s4 = vec4<f32>(0.0);
  var s5 = vec4<f32>(0.0);
  var s6 = vec4<f32>(0.0);
  var s7 = vec4<f32>(0.0);
  for (var k = 0u; k < K; k++) {
    let low = a[aLow + k * M];
    let high = a[aHigh + k * M];
    let bk = b[bBase + k * (N / 4u)];
    s0 += quadBroadcast(low, 0u) * bk;
    s1 += quadBroadcast(low, 1u) * bk;
    s2 += quadBroadcast(low, 2u) * bk;
    s3 += quadBroadcast(low, 3u) * bk;
    s4 += quadBroadcast(high, 0u) * bk;
    s5 += quadBroadcast(high, 1u) * bk;
    s6 += quadBroadcast(high, 2u) * bk;
    s7 += quadBroadcast(high, 3u) * bk;
  }
  finish(batch, row + 0u, group, s0);
  finish(batch, row + 1u, group, s1);
  finish(batch, row + 2u, group, s2);
  finish(batch, row + 3u, group, s3);
  finish(batch, row + 4u, group, s4);
  finish(batch, row + 5u, group, s5);
  finish(batch, row + 6u, group, s6);
  finish(batch, row + 7u, group, s7);
}
