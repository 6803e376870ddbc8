// y[i, j] = finish(sum_k a[i, k] b[k, j]) as matmul/tiled, with a block of ROWS by 4 FOURS sums an invocation, tiles of any
// depth, and operands read in fours where they lie so (the blocks and vectorised loads of S. Boehm, "How to optimize a
// CUDA matmul kernel", kernels 5 and 6). A tile is ROWS THREADS_Y rows by 4 FOURS THREADS_X columns; an invocation's rows
// and columns lie in fours THREADS_Y and THREADS_X apart, so that neighbours read neighbouring memory of a workgroup.
// With SPLITS > 1 it stores raw partial sums, as matmul/tiled does.
// Not a module by itself: those that include it declare a and b, each as numbers or in fours (oneOfA, foursOfA, FOURS_A), of
// several the one that `pair` says, and what is done with sums (finish, storePartial, storeSums).
//#include "matmul/part"

override THREADS_X: u32 = 8u;  // invocations of a workgroup along N
override THREADS_Y: u32 = 8u;  // and along M
override DEPTH: u32 = 16u;     // of a tile along K, a multiple of 4
const ROWS: u32 = 8u;          // of an invocation, a multiple of 4
const FOURS: u32 = 2u;         // of columns of an invocation

override GROUPS_M: u32 = (ROWS / 4u) * THREADS_Y; // fours of a tile's rows
override GROUPS_N: u32 = FOURS * THREADS_X;       // and columns
override THREADS: u32 = THREADS_X * THREADS_Y;
// One four more a row than there are, so that stores down a column do not meet in one bank.
override STRIDE_A: u32 = GROUPS_M + 1u;
override STRIDE_B: u32 = GROUPS_N + 1u;

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
      for (var depth = 0u; depth < DEPTH; depth++) {
        var columns: array<vec4<f32>, FOURS>;
        for (var c = 0u; c < FOURS; c++) {
          columns[c] = tileB[depth * STRIDE_B + c * THREADS_X + local.x];
        }
        for (var g = 0u; g < ROWS / 4u; g++) {
          let rows = tileA[depth * STRIDE_A + g * THREADS_Y + local.y];
          for (var c = 0u; c < FOURS; c++) {
            sums[(4u * g + 0u) * FOURS + c] += rows.x * columns[c];
            sums[(4u * g + 1u) * FOURS + c] += rows.y * columns[c];
            sums[(4u * g + 2u) * FOURS + c] += rows.z * columns[c];
            sums[(4u * g + 3u) * FOURS + c] += rows.w * columns[c];
          }
        }
      }
      if (SUMS && tile.y == 0u && local.y == 0u) {
        for (var depth = 0u; depth < DEPTH; depth++) {
          for (var c = 0u; c < FOURS; c++) {
            sumsOfB[c] += tileB[depth * STRIDE_B + c * THREADS_X + local.x];
          }
        }
      }
      workgroupBarrier();
    }
  }

  for (var r = 0u; r < ROWS; r++) {
    let row = firstRow + 4u * ((r / 4u) * THREADS_Y + local.y) + r % 4u;
    for (var c = 0u; c < FOURS; c++) {
      let column = firstColumn + 4u * (c * THREADS_X + local.x);
      if (SPLITS > 1u) {
        storePartial(part.split, row, column, sums[r * FOURS + c]);
      } else {
        finish(part.batch, row, column, sums[r * FOURS + c]);
      }
    }
  }
  if (SUMS && tile.y == 0u && local.y == 0u) {
    let first = select(0u, (SPLITS * M + part.split) * N, SPLITS > 1u);
    for (var c = 0u; c < FOURS; c++) {
      storeSums(first, firstColumn + 4u * (c * THREADS_X + local.x), sumsOfB[c]);
    }
  }
}
