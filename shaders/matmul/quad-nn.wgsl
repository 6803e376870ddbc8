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

//#include "matmul/quad-tile"
//#include "matmul/quad-rows"
  let bBase = select(batch, 0u, B_SHARED) * (K * B_ROW) + min(group, N / 4u - 1u);
  for (var k = 0u; k < K; k += 4u) {
//#include "matmul/quad-values"
//#include "matmul/quad-step" lane="0" columns="b[bBase + (k + 0u) * B_ROW]"
//#include "matmul/quad-step" lane="1" columns="b[bBase + (k + 1u) * B_ROW]"
//#include "matmul/quad-step" lane="2" columns="b[bBase + (k + 2u) * B_ROW]"
//#include "matmul/quad-step" lane="3" columns="b[bBase + (k + 3u) * B_ROW]"
  }
//#include "matmul/quad-finish"
}
