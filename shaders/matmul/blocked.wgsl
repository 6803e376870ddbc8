// y[i, j] = finish(sum_k a[i, k] b[k, j]) as matmul/tiled, with a block of ROWS by 4 FOURS sums an invocation, tiles of any
// depth, and operands read in fours where they lie so (the blocks and vectorised loads of S. Boehm, "How to optimize a
// CUDA matmul kernel", kernels 5 and 6). A tile is ROWS THREADS_Y rows by 4 FOURS THREADS_X columns; an invocation's rows
// and columns lie in fours THREADS_Y and THREADS_X apart, so that neighbours read neighbouring memory of a workgroup.
// With SPLITS > 1 it stores raw partial sums, as matmul/tiled does.
// Not a module by itself: those that include it declare a and b, each as numbers or in fours (oneOfA, foursOfA, FOURS_A), of
// several the one that `pair` says, and what is done with sums (finish, storePartial, storeSums).

override K: u32 = 5u;
override A_BATCH: u32 = 0u;    // elements from one batch entry of a to the next
override A_ROW: u32 = 5u;      // elements from a[i, k] to a[i + 1, k]
override A_K: u32 = 1u;        // elements from a[i, k] to a[i, k + 1]
override B_BATCH: u32 = 0u;
override B_K: u32 = 5u;        // elements from b[k, j] to b[k + 1, j]
override B_COLUMN: u32 = 1u;   // elements from b[k, j] to b[k, j + 1]
override THREADS_X: u32 = 8u;  // invocations of a workgroup along N
override THREADS_Y: u32 = 8u;  // and along M
override DEPTH: u32 = 16u;     // of a tile along K, a multiple of 4
override PRODUCTS: u32 = 1u; // of one a, beside one another
override PAIRS: u32 = 1u;    // of a and b, whose products are added up
override SPLITS: u32 = 1u;
override K_PER_SPLIT: u32 = 5u; // a multiple of 32, except for a single split
const ROWS: u32 = 8u;          // of an invocation, a multiple of 4
const FOURS: u32 = 2u;         // of columns of an invocation

override GROUPS_M: u32 = (ROWS / 4u) * THREADS_Y; // fours of a tile's rows
override GROUPS_N: u32 = FOURS * THREADS_X;       // and columns
override THREADS: u32 = THREADS_X * THREADS_Y;
// One four more a row than there are, so that stores down a column do not meet in one bank.
override STRIDE_A: u32 = GROUPS_M + 1u;
override STRIDE_B: u32 = GROUPS_N + 1u;

// Tiles with k outermost, so that four rows or columns are one vec4.
var<workgroup> tileA: array<vec4<f32>, DEPTH * STRIDE_A>;
var<workgroup> tileB: array<vec4<f32>, DEPTH * STRIDE_B>;

// Which of several operands or results is meant.
var<private> pair: u32;

@compute @workgroup_size(THREADS_X, THREADS_Y, 1)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let split = select(0u, tile.z, SPLITS > 1u);
  let batch = select(tile.z, 0u, SPLITS > 1u || PRODUCTS > 1u);
  pair = select(0u, tile.z, PRODUCTS > 1u);
  let firstK = split * K_PER_SPLIT;
  let lastK = min(firstK + K_PER_SPLIT, K);
  let firstRow = tile.y * 4u * GROUPS_M;
  let firstColumn = tile.x * 4u * GROUPS_N;
  var sums: array<vec4<f32>, ROWS * FOURS>;
  var sumsOfB: array<vec4<f32>, FOURS>;

  for (var summed = 0u; summed < PAIRS; summed++) {
    pair = select(pair, summed, PAIRS > 1u);
    for (var k0 = firstK; k0 < lastK; k0 += DEPTH) {
      loadA(batch, firstRow, k0, lastK, thread);
      loadB(batch, firstColumn, k0, lastK, thread);
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
        storePartial(split, row, column, sums[r * FOURS + c]);
      } else {
        finish(batch, row, column, sums[r * FOURS + c]);
      }
    }
  }
  if (SUMS && tile.y == 0u && local.y == 0u) {
    let first = select(0u, (SPLITS * M + split) * N, SPLITS > 1u);
    for (var c = 0u; c < FOURS; c++) {
      storeSums(first, firstColumn + 4u * (c * THREADS_X + local.x), sumsOfB[c]);
    }
  }
}

// Neighbouring invocations read neighbouring addresses. What lies outside is zero.
fn loadA(batch: u32, firstRow: u32, k0: u32, lastK: u32, thread: u32) {
  if (FOURS_A && A_K == 1u) {
    for (var i = thread; i < (DEPTH / 4u) * GROUPS_M; i += THREADS) {
      let depth = 4u * (i % (DEPTH / 4u));
      let group = i / (DEPTH / 4u);
      let row = firstRow + 4u * group;
      // Turned in registers and stored whole: invocations that share a vec4 may overwrite each other's parts of it.
      var block: array<vec4<f32>, 4>;
      for (var r = 0u; r < 4u; r++) {
        if (row + r < M && k0 + depth < lastK) {
          block[r] = foursOfA(batch * A_BATCH + (row + r) * A_ROW + k0 + depth);
        }
      }
      for (var c = 0u; c < 4u; c++) {
        tileA[(depth + c) * STRIDE_A + group] = vec4<f32>(block[0][c], block[1][c], block[2][c], block[3][c]);
      }
    }
    return;
  }
  for (var i = thread; i < DEPTH * GROUPS_M; i += THREADS) {
    let depth = select(i / GROUPS_M, i % DEPTH, A_K == 1u);
    let group = select(i % GROUPS_M, i / DEPTH, A_K == 1u);
    let k = k0 + depth;
    let row = firstRow + 4u * group;
    var v = vec4<f32>(0.0);
    if (k < lastK && row < M) {
      let at = batch * A_BATCH + k * A_K + row * A_ROW;
      if (FOURS_A) {
        v = foursOfA(at);
      } else {
        for (var r = 0u; r < 4u && row + r < M; r++) {
          v[r] = oneOfA(at + r * A_ROW);
        }
      }
    }
    tileA[depth * STRIDE_A + group] = v;
  }
}

fn loadB(batch: u32, firstColumn: u32, k0: u32, lastK: u32, thread: u32) {
  if (FOURS_B && B_K == 1u) {
    for (var i = thread; i < (DEPTH / 4u) * GROUPS_N; i += THREADS) {
      let depth = 4u * (i % (DEPTH / 4u));
      let group = i / (DEPTH / 4u);
      let column = firstColumn + 4u * group;
      // Turned in registers and stored whole: invocations that share a vec4 may overwrite each other's parts of it.
      var block: array<vec4<f32>, 4>;
      for (var r = 0u; r < 4u; r++) {
        if (column + r < N && k0 + depth < lastK) {
          block[r] = foursOfB(batch * B_BATCH + (column + r) * B_COLUMN + k0 + depth);
        }
      }
      for (var c = 0u; c < 4u; c++) {
        tileB[(depth + c) * STRIDE_B + group] = vec4<f32>(block[0][c], block[1][c], block[2][c], block[3][c]);
      }
    }
    return;
  }
  for (var i = thread; i < DEPTH * GROUPS_N; i += THREADS) {
    let depth = select(i / GROUPS_N, i % DEPTH, B_K == 1u);
    let group = select(i % GROUPS_N, i / DEPTH, B_K == 1u);
    let k = k0 + depth;
    let column = firstColumn + 4u * group;
    var v = vec4<f32>(0.0);
    if (k < lastK && column < N) {
      let at = batch * B_BATCH + k * B_K + column * B_COLUMN;
      if (FOURS_B) {
        v = foursOfB(at);
      } else {
        for (var c = 0u; c < 4u && column + c < N; c++) {
          v[c] = oneOfB(at + c * B_COLUMN);
        }
      }
    }
    tileB[depth * STRIDE_B + group] = v;
  }
}
