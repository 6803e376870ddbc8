// y[i, j] = finish(sum_k a[i, k] b[k, j]) for GPUs, any sizes and any transposition through strides:
// tiles of A and B in workgroup memory, 4 rows by 4 columns per invocation in named vec4 accumulators
// (the two-level tiling of S. Boehm, "How to optimize a CUDA matmul kernel", kernels 5 and 6). A tile is
// (4 THREADS_Y) rows by (4 THREADS_X) columns; skinny products take a skinny tile. With SPLITS > 1 each
// workgroup sums one part of K and stores it raw in `y` = partial sums [SPLITS, M, N] and, with SUMS, behind them those
// of b's columns [SPLITS, N]; matmul/split-sum finishes them; then batch must be 1.
// Not a module by itself: those that include it declare a and b (oneOfA, oneOfB), of several the one that `pair` says, and
// what is done with sums (finish, storePartial, storeSums).
//#include "matmul/part"

override THREADS_X: u32 = 16u; // invocations of a workgroup along N
override THREADS_Y: u32 = 16u; // and along M

const DEPTH = 16u;             // of a tile along K
override TILE_M: u32 = 4u * THREADS_Y;
override TILE_N: u32 = 4u * THREADS_X;
override THREADS: u32 = THREADS_X * THREADS_Y;
// One four more a row than there are, so that stores down a column do not meet in one bank.
override STRIDE_A: u32 = THREADS_Y + 1u;
override STRIDE_B: u32 = THREADS_X + 1u;

//#include "matmul/load" of="A" along="row" size="M" apart="A_ROW" groups="THREADS_Y" stride="STRIDE_A"
//#include "matmul/load" of="B" along="column" size="N" apart="B_COLUMN" groups="THREADS_X" stride="STRIDE_B"

@compute @workgroup_size(THREADS_X, THREADS_Y, 1)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let part = partOf(tile.z);
  let firstRow = tile.y * TILE_M;
  let firstColumn = tile.x * TILE_N;
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var sums = vec4<f32>(0.0); // of b's columns

  for (var summed = 0u; summed < PAIRS; summed++) {
    pair = select(pair, summed, PAIRS > 1u);
    for (var k0 = part.firstK; k0 < part.lastK; k0 += DEPTH) {
      loadA(part.batch, firstRow, k0, part.lastK, thread);
      loadB(part.batch, firstColumn, k0, part.lastK, thread);
      workgroupBarrier();
      for (var depth = 0u; depth < DEPTH; depth++) {
        let rows = tileA[depth * STRIDE_A + local.y];
        let columns = tileB[depth * STRIDE_B + local.x];
        s0 += rows.x * columns;
        s1 += rows.y * columns;
        s2 += rows.z * columns;
        s3 += rows.w * columns;
      }
      if (SUMS && tile.y == 0u && local.y == 0u) {
        for (var depth = 0u; depth < DEPTH; depth++) {
          sums += tileB[depth * STRIDE_B + local.x];
        }
      }
      workgroupBarrier();
    }
  }

  let row = firstRow + 4u * local.y;
  let column = firstColumn + 4u * local.x;
  if (SPLITS > 1u) {
    storePartial(part.split, row, column, s0);
    storePartial(part.split, row + 1u, column, s1);
    storePartial(part.split, row + 2u, column, s2);
    storePartial(part.split, row + 3u, column, s3);
  } else {
    finish(part.batch, row, column, s0);
    finish(part.batch, row + 1u, column, s1);
    finish(part.batch, row + 2u, column, s2);
    finish(part.batch, row + 3u, column, s3);
  }
  if (SUMS && tile.y == 0u && local.y == 0u) {
    storeSums(select(0u, (SPLITS * M + part.split) * N, SPLITS > 1u), column, sums);
  }
}
