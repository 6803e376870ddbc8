// y[i, j] = finish(sum_k a[k, i] b[k, j]), a [batch, K, M], b [K, N] or [batch, K, N]: the TN product (weight gradients), for software
// adapters with subgroups. Register-tiled, no workgroup memory: an invocation computes 8 rows by 4 columns
// in named vec4 accumulators. On a CPU every load of a storage buffer is a gather with bounds checks and
// costs as much as many multiplications, so the eight (along M) values of A that the four invocations of a
// quad all need are loaded one by each and passed round by quadBroadcast.
// Needs N % 4 == 0. Lanes beyond N read the last columns and store nothing, rows beyond M likewise.
enable subgroups;
//#include "matmul/epilogue4"

override LANES: u32 = 16u;     // invocations along N, a multiple of 4
override B_SHARED: bool = true; // all batch entries use the same b

@group(0) @binding(0) var<storage, read_write> a: array<f32>;        // [batch, K, M]
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
  // Not a constant either: tokens, in weight gradients.
  let depth = arrayLength(&b) / ((N / 4u) * select(tiles.z, 1u, B_SHARED));
  let aBase = batch * depth * count;
  let bBase = select(batch, 0u, B_SHARED) * depth * (N / 4u) + min(group, N / 4u - 1u);
  let aLow = aBase + min(row + quadLane, count - 1u);
  let aHigh = aBase + min(row + 4u + quadLane, count - 1u);
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var s4 = vec4<f32>(0.0);
  var s5 = vec4<f32>(0.0);
  var s6 = vec4<f32>(0.0);
  var s7 = vec4<f32>(0.0);
  let unrolled = depth / 4u * 4u;
  for (var k = 0u; k < unrolled; k += 4u) {
    {
      let low = a[aLow + (k + 0u) * count];
      let high = a[aHigh + (k + 0u) * count];
      let bk = b[bBase + (k + 0u) * (N / 4u)];
      s0 += quadBroadcast(low, 0u) * bk;
      s1 += quadBroadcast(low, 1u) * bk;
      s2 += quadBroadcast(low, 2u) * bk;
      s3 += quadBroadcast(low, 3u) * bk;
      s4 += quadBroadcast(high, 0u) * bk;
      s5 += quadBroadcast(high, 1u) * bk;
      s6 += quadBroadcast(high, 2u) * bk;
      s7 += quadBroadcast(high, 3u) * bk;
    }
    {
      let low = a[aLow + (k + 1u) * count];
      let high = a[aHigh + (k + 1u) * count];
      let bk = b[bBase + (k + 1u) * (N / 4u)];
      s0 += quadBroadcast(low, 0u) * bk;
      s1 += quadBroadcast(low, 1u) * bk;
      s2 += quadBroadcast(low, 2u) * bk;
      s3 += quadBroadcast(low, 3u) * bk;
      s4 += quadBroadcast(high, 0u) * bk;
      s5 += quadBroadcast(high, 1u) * bk;
      s6 += quadBroadcast(high, 2u) * bk;
      s7 += quadBroadcast(high, 3u) * bk;
    }
    {
      let low = a[aLow + (k + 2u) * count];
      let high = a[aHigh + (k + 2u) * count];
      let bk = b[bBase + (k + 2u) * (N / 4u)];
      s0 += quadBroadcast(low, 0u) * bk;
      s1 += quadBroadcast(low, 1u) * bk;
      s2 += quadBroadcast(low, 2u) * bk;
      s3 += quadBroadcast(low, 3u) * bk;
      s4 += quadBroadcast(high, 0u) * bk;
      s5 += quadBroadcast(high, 1u) * bk;
      s6 += quadBroadcast(high, 2u) * bk;
      s7 += quadBroadcast(high, 3u) * bk;
    }
    {
      let low = a[aLow + (k + 3u) * count];
      let high = a[aHigh + (k + 3u) * count];
      let bk = b[bBase + (k + 3u) * (N / 4u)];
      s0 += quadBroadcast(low, 0u) * bk;
      s1 += quadBroadcast(low, 1u) * bk;
      s2 += quadBroadcast(low, 2u) * bk;
      s3 += quadBroadcast(low, 3u) * bk;
      s4 += quadBroadcast(high, 0u) * bk;
      s5 += quadBroadcast(high, 1u) * bk;
      s6 += quadBroadcast(high, 2u) * bk;
      s7 += quadBroadcast(high, 3u) * bk;
    }
  }
  for (var k = unrolled; k < depth; k++) {
    let low = a[aLow + k * count];
    let high = a[aHigh + k * count];
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
  // A loop over a copy, of a length that no compiler knows: unrolled, the epilogue would take most of the time
  // that software adapters compile.
  var sums = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
  for (var r = 0u; r < min(8u, count - row); r++) {
    finish(batch * count + row + r, group, sums[r]);
  }
  if (SUMS && row == 0u && group < N / 4u) {
    var sumsOfB = vec4<f32>(0.0);
    for (var k = 0u; k < depth; k++) {
      sumsOfB += b[bBase + k * (N / 4u)];
    }
    z[group] = sumsOfB;
  }
}
