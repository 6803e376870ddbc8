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

//#include "matmul/quad-tile"
  // Not a constant either: tokens, in weight gradients.
  let depth = arrayLength(&b) / ((N / 4u) * select(tiles.z, 1u, B_SHARED));
  let aBase = batch * depth * count;
  let bBase = select(batch, 0u, B_SHARED) * depth * (N / 4u) + min(group, N / 4u - 1u);
  let aLow = aBase + min(row + quadLane, count - 1u);
  let aHigh = aBase + min(row + 4u + quadLane, count - 1u);
  let unrolled = depth / 4u * 4u;
  for (var k = 0u; k < unrolled; k += 4u) {
//#include "matmul/quad-outer" k="k + 0u"
//#include "matmul/quad-outer" k="k + 1u"
//#include "matmul/quad-outer" k="k + 2u"
//#include "matmul/quad-outer" k="k + 3u"
  }
  for (var k = unrolled; k < depth; k++) {
//#include "matmul/quad-outer" k="k"
  }
//#include "matmul/quad-finish"
  if (SUMS && row == 0u && group < N / 4u) {
    var sumsOfB = vec4<f32>(0.0);
    for (var k = 0u; k < depth; k++) {
      sumsOfB += b[bBase + k * (N / 4u)];
    }
    z[group] = sumsOfB;
  }
}
