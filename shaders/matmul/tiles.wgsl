// y[i, j] = finish(sum_k a[i, k] b[k, j]) for GPUs, any sizes and any transposition through strides:
// tiles of A and B in workgroup memory, 4 rows by 4 columns per invocation in named vec4 accumulators
// (the two-level tiling of S. Boehm, "How to optimize a CUDA matmul kernel", kernels 5 and 6). A tile is
// (4 THREADS_Y) rows by (4 THREADS_X) columns; skinny products take a skinny tile. With SPLITS > 1 each
// workgroup sums one part of K and stores it raw in `y` = partial sums [SPLITS, M, N] and, with SUMS, behind them those
// of b's columns [SPLITS, N]; matmul/split-sum finishes them; then batch must be 1.
// Not a module by itself: those that include it declare a and b (oneOfA, oneOfB), of several the one that `pair` says, and
// what is done with sums (finish, storePartial, storeSums).

override K: u32 = 5u;
override A_BATCH: u32 = 0u;    // elements from one batch entry of a to the next
override A_ROW: u32 = 5u;      // elements from a[i, k] to a[i + 1, k]
override A_K: u32 = 1u;        // elements from a[i, k] to a[i, k + 1]
override B_BATCH: u32 = 0u;
override B_K: u32 = 5u;        // elements from b[k, j] to b[k + 1, j]
override B_COLUMN: u32 = 1u;   // elements from b[k, j] to b[k, j + 1]
override THREADS_X: u32 = 16u; // invocations of a workgroup along N
override THREADS_Y: u32 = 16u; // and along M
override PRODUCTS: u32 = 1u; // of one a, beside one another
override PAIRS: u32 = 1u;    // of a and b, whose products are added up
override SPLITS: u32 = 1u;
override K_PER_SPLIT: u32 = 5u; // a multiple of 16, except for a single split

const DEPTH = 16u;             // of a tile along K
override TILE_M: u32 = 4u * THREADS_Y;
override TILE_N: u32 = 4u * THREADS_X;
override THREADS: u32 = THREADS_X * THREADS_Y;

// Tiles with k outermost, so an invocation reads its four rows and four columns as one vec4 each.
var<workgroup> tileA: array<vec4<f32>, DEPTH * THREADS_Y>;
var<workgroup> tileB: array<vec4<f32>, DEPTH * THREADS_X>;

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
  let firstRow = tile.y * TILE_M;
  let firstColumn = tile.x * TILE_N;
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var sums = vec4<f32>(0.0); // of b's columns

  for (var summed = 0u; summed < PAIRS; summed++) {
    pair = select(pair, summed, PAIRS > 1u);
    for (var k0 = firstK; k0 < lastK; k0 += DEPTH) {
      // Neighbouring invocations read neighbouring addresses: along k where that stride is 1, else along
      // rows or columns. What lies outside is zero.
      for (var i = thread; i < DEPTH * THREADS_Y; i += THREADS) {
        var v = vec4<f32>(0.0);
        let depth = select(i / THREADS_Y, i % DEPTH, A_K == 1u);
        let group = select(i % THREADS_Y, i / DEPTH, A_K == 1u);
        let k = k0 + depth;
        let row = firstRow + 4u * group;
        if (k < lastK) {
          let at = batch * A_BATCH + k * A_K + row * A_ROW;
          if (row + 3u < M) {
            v = vec4<f32>(oneOfA(at), oneOfA(at + A_ROW), oneOfA(at + 2u * A_ROW), oneOfA(at + 3u * A_ROW));
          } else {
            for (var r = 0u; r < 4u && row + r < M; r++) {
              v[r] = oneOfA(at + r * A_ROW);
            }
          }
        }
        tileA[depth * THREADS_Y + group] = v;
      }
      for (var i = thread; i < DEPTH * THREADS_X; i += THREADS) {
        var v = vec4<f32>(0.0);
        let depth = select(i / THREADS_X, i % DEPTH, B_K == 1u);
        let group = select(i % THREADS_X, i / DEPTH, B_K == 1u);
        let k = k0 + depth;
        let column = firstColumn + 4u * group;
        if (k < lastK) {
          let at = batch * B_BATCH + k * B_K + column * B_COLUMN;
          if (column + 3u < N) {
            v = vec4<f32>(oneOfB(at), oneOfB(at + B_COLUMN), oneOfB(at + 2u * B_COLUMN), oneOfB(at + 3u * B_COLUMN));
          } else {
            for (var c = 0u; c < 4u && column + c < N; c++) {
              v[c] = oneOfB(at + c * B_COLUMN);
            }
          }
        }
        tileB[depth * THREADS_X + group] = v;
      }
      workgroupBarrier();
      for (var depth = 0u; depth < DEPTH; depth++) {
        let rows = tileA[depth * THREADS_Y + local.y];
        let columns = tileB[depth * THREADS_X + local.x];
        s0 += rows.x * columns;
        s1 += rows.y * columns;
        s2 += rows.z * columns;
        s3 += rows.w * columns;
      }
      if (SUMS && tile.y == 0u && local.y == 0u) {
        for (var depth = 0u; depth < DEPTH; depth++) {
          sums += tileB[depth * THREADS_X + local.x];
        }
      }
      workgroupBarrier();
    }
  }

  let row = firstRow + 4u * local.y;
  let column = firstColumn + 4u * local.x;
  if (SPLITS > 1u) {
    storePartial(split, row, column, s0);
    storePartial(split, row + 1u, column, s1);
    storePartial(split, row + 2u, column, s2);
    storePartial(split, row + 3u, column, s3);
  } else {
    finish(batch, row, column, s0);
    finish(batch, row + 1u, column, s1);
    finish(batch, row + 2u, column, s2);
    finish(batch, row + 3u, column, s3);
  }
  if (SUMS && tile.y == 0u && local.y == 0u) {
    storeSums(select(0u, (SPLITS * M + split) * N, SPLITS > 1u), column, sums);
  }
}
