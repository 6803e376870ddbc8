// y[i, j] = finish(sum_k a[i, k] b[k, j]) as matmul/tiled, with a block of ROWS by 4 FOURS sums an invocation, tiles of any
// depth, and operands read in fours where they lie so (the blocks and vectorised loads of S. Boehm, "How to optimize a
// CUDA matmul kernel", kernels 5 and 6). A tile is ROWS THREADS_Y rows by 4 FOURS THREADS_X columns; an invocation's rows
// and columns lie in fours THREADS_Y and THREADS_X apart, so that neighbours read neighbouring memory of a workgroup.
// With SPLITS > 1 it stores raw partial sums, as matmul/tiled does.
// Not a module by itself: those that include it declare a and b, each as numbers or in fours (oneOfA, foursOfA, FOURS_A), of
// several the one that `pair` says, and what is done with sums (finish, storePartial, storeSums).
//#include "matmul/part"
//#include "matmul/blocks"

//#include "matmul/load" of="A" along="row" size="M" apart="A_ROW" groups="GROUPS_M" stride="STRIDE_A"
//#include "matmul/load" of="B" along="column" size="N" apart="B_COLUMN" groups="GROUPS_N" stride="STRIDE_B"

@compute @workgroup_size(THREADS_X, THREADS_Y, 1)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let part = partOf(tile.z);
  let firstRow = tile.y * 4u * GROUPS_M;
  let firstColumn = tile.x * 4u * GROUPS_N;
  var sums: array<vec4<f32>, ROWS * FOURS>;
  var sumsOfB: array<vec4<f32>, FOURS>;

  for (var summed = 0u; summed < PAIRS; summed++) {
    pair = select(pair, summed, PAIRS > 1u);
    for (var k0 = part.firstK; k0 < part.lastK; k0 += DEPTH) {
      loadA(part.batch, firstRow, k0, part.lastK, thread);
      loadB(part.batch, firstColumn, k0, part.lastK, thread);
      workgroupBarrier();
      //#include "matmul/blocked-multiply" atA="" atB=""
      workgroupBarrier();
    }
  }

  //#include "matmul/blocked-finish"
}
