// y[i, j] = finish(sum_k a[i, k] b[k, j]), a [batch, M, K], b [K, N] or [batch, K, N]: the NN product, for software
// adapters with subgroups. Register-tiled, no workgroup memory: an invocation computes 8 rows by 4 columns
// in named vec4 accumulators. On a CPU every load of a storage buffer is a gather with bounds checks and
// costs as much as many multiplications, so the four (along K) values of A that the four invocations of a
// quad all need are loaded one by each and passed round by quadBroadcast.
// Needs N % 4 == 0 and K % 4 == 0. Lanes beyond N read the last columns and store nothing, rows beyond M likewise.
enable subgroups;
//#include "matmul/epilogue4"

override K: u32 = 8u;
override LANES: u32 = 16u;     // invocations along N, a multiple of 4
override B_SHARED: bool = true; // all batch entries use the same b
override B_ROW: u32 = N / 4u;  // fours from one row of b to the next: more where b is columns of a wider matrix

@group(0) @binding(0) var<storage, read_write> a: array<f32>;        // [batch, M, K]
@group(0) @binding(1) var<storage, read_write> b: array<vec4<f32>>;  // [batch?, K, N]

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(num_workgroups) tiles: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
) {
  let count = rowCount(tiles.z);
  let batch = tile.z;
  let row = tile.y * 8u;
  let group = tile.x * LANES + local.x;  // of four columns
  let quadLane = local.x & 3u;
  let aBase = batch * count * K;
  let bBase = select(batch, 0u, B_SHARED) * (K * B_ROW) + min(group, N / 4u - 1u);
  let r0 = min(row + 0u, count - 1u) * K;
  let r1 = min(row + 1u, count - 1u) * K;
  let r2 = min(row + 2u, count - 1u) * K;
  let r3 = min(row + 3u, count - 1u) * K;
  let r4 = min(row + 4u, count - 1u) * K;
  let r5 = min(row + 5u, count - 1u) * K;
  let r6 = min(row + 6u, count - 1u) * K;
  let r7 = min(row + 7u, count - 1u) * K;
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var s4 = vec4<f32>(0.0);
  var s5 = vec4<f32>(0.0);
  var s6 = vec4<f32>(0.0);
  var s7 = vec4<f32>(0.0);
  for (var k = 0u; k < K; k += 4u) {
    let ka = k + quadLane;
    let a0 = a[aBase + r0 + ka];
    let a1 = a[aBase + r1 + ka];
    let a2 = a[aBase + r2 + ka];
    let a3 = a[aBase + r3 + ka];
    let a4 = a[aBase + r4 + ka];
    let a5 = a[aBase + r5 + ka];
    let a6 = a[aBase + r6 + ka];
    let a7 = a[aBase + r7 + ka];
    {
      let bk = b[bBase + (k + 0u) * B_ROW];
      s0 += quadBroadcast(a0, 0u) * bk;
      s1 += quadBroadcast(a1, 0u) * bk;
      s2 += quadBroadcast(a2, 0u) * bk;
      s3 += quadBroadcast(a3, 0u) * bk;
      s4 += quadBroadcast(a4, 0u) * bk;
      s5 += quadBroadcast(a5, 0u) * bk;
      s6 += quadBroadcast(a6, 0u) * bk;
      s7 += quadBroadcast(a7, 0u) * bk;
    }
    {
      let bk = b[bBase + (k + 1u) * B_ROW];
      s0 += quadBroadcast(a0, 1u) * bk;
      s1 += quadBroadcast(a1, 1u) * bk;
      s2 += quadBroadcast(a2, 1u) * bk;
      s3 += quadBroadcast(a3, 1u) * bk;
      s4 += quadBroadcast(a4, 1u) * bk;
      s5 += quadBroadcast(a5, 1u) * bk;
      s6 += quadBroadcast(a6, 1u) * bk;
      s7 += quadBroadcast(a7, 1u) * bk;
    }
    {
      let bk = b[bBase + (k + 2u) * B_ROW];
      s0 += quadBroadcast(a0, 2u) * bk;
      s1 += quadBroadcast(a1, 2u) * bk;
      s2 += quadBroadcast(a2, 2u) * bk;
      s3 += quadBroadcast(a3, 2u) * bk;
      s4 += quadBroadcast(a4, 2u) * bk;
      s5 += quadBroadcast(a5, 2u) * bk;
      s6 += quadBroadcast(a6, 2u) * bk;
      s7 += quadBroadcast(a7, 2u) * bk;
    }
    {
      let bk = b[bBase + (k + 3u) * B_ROW];
      s0 += quadBroadcast(a0, 3u) * bk;
      s1 += quadBroadcast(a1, 3u) * bk;
      s2 += quadBroadcast(a2, 3u) * bk;
      s3 += quadBroadcast(a3, 3u) * bk;
      s4 += quadBroadcast(a4, 3u) * bk;
      s5 += quadBroadcast(a5, 3u) * bk;
      s6 += quadBroadcast(a6, 3u) * bk;
      s7 += quadBroadcast(a7, 3u) * bk;
    }
  }
  // A loop over a copy, of a length that no compiler knows: unrolled, the epilogue would take most of the time
  // that software adapters compile.
  var sums = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
  for (var r = 0u; r < min(8u, count - row); r++) {
    finish(batch * count + row + r, group, sums[r]);
  }
}
