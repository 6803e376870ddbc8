// y[i, j] = finish(sum_k a[i, k] b[k, j]) as matmul/blocked, with the products of tiles by subgroup matrices: of 64 rows by
// 64 columns a workgroup, a quarter to each of four subgroups, 32 by 32. Tiles lie in workgroup memory with k outermost, so
// that a's are matrices by columns and b's by rows; sums go through the same memory to those that finish them.
// The adapter must say that it has such matrices of f32 and what its subgroups are, all of one size.
// Not a module by itself: those that include it declare a and b, each as numbers or in fours (oneOfA, foursOfA, FOURS_A), of
// several the one that `pair` says, and what is done with sums (finish, storePartial, storeSums).
//#include "matmul/part"

const MATRIX_M: u32 = 8u;       // rows of a's matrices and of the result's
const MATRIX_N: u32 = 8u;       // columns of b's and of the result's
const MATRIX_K: u32 = 8u;       // columns of a's and rows of b's
override SUBGROUP: u32 = 32u;   // invocations of a subgroup
const DEPTH = 16u;              // of a tile along K, a multiple of MATRIX_K

const SIDE = 64u;               // rows and columns of a workgroup
const QUARTER = 32u;
const ACROSS = QUARTER / MATRIX_N; // matrices of a subgroup
const DOWN = QUARTER / MATRIX_M;
const GROUPS = SIDE / 4u;
override THREADS: u32 = 4u * SUBGROUP;
// Four more a row than there are, so that neighbours down a column do not meet in one bank.
const STRIDE = SIDE + 4u;
const TILE_B = DEPTH * STRIDE;

var<workgroup> memory: array<f32, SIDE * SIDE>;

@compute @workgroup_size(THREADS, 1, 1)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) quarter: u32,
) {
  let part = partOf(tile.z);
  let batch = part.batch;
  let lastK = part.lastK;
  let firstA = tile.y * SIDE;
  let firstB = tile.x * SIDE;
  let row0 = (quarter / 2u) * QUARTER;
  let column0 = (quarter % 2u) * QUARTER;
  var sums: array<subgroup_matrix_result<f32, MATRIX_N, MATRIX_M>, DOWN * ACROSS>;
  var sumOfB = vec4<f32>(0.0);

  for (var summed = 0u; summed < PAIRS; summed++) {
    pair = select(pair, summed, PAIRS > 1u);
    for (var k0 = part.firstK; k0 < lastK; k0 += DEPTH) {
      workgroupBarrier(); // all have read what lay here
      //#include "matmul/spread" of="A" along="row" size="M" apart="A_ROW" at="0u"
      //#include "matmul/spread" of="B" along="column" size="N" apart="B_COLUMN" at="TILE_B"
      workgroupBarrier();
      for (var depth = 0u; depth < DEPTH; depth += MATRIX_K) {
        var columns: array<subgroup_matrix_right<f32, MATRIX_N, MATRIX_K>, ACROSS>;
        for (var c = 0u; c < ACROSS; c++) {
          columns[c] = subgroupMatrixLoad<subgroup_matrix_right<f32, MATRIX_N, MATRIX_K>, row_major>(
            &memory, TILE_B + depth * STRIDE + column0 + c * MATRIX_N, STRIDE);
        }
        for (var r = 0u; r < DOWN; r++) {
          let rows = subgroupMatrixLoad<subgroup_matrix_left<f32, MATRIX_K, MATRIX_M>, col_major>(
            &memory, depth * STRIDE + row0 + r * MATRIX_M, STRIDE);
          for (var c = 0u; c < ACROSS; c++) {
            sums[r * ACROSS + c] = subgroupMatrixMultiplyAccumulate(rows, columns[c], sums[r * ACROSS + c]);
          }
        }
      }
      if (SUMS && tile.y == 0u && thread < GROUPS) {
        for (var depth = 0u; depth < DEPTH; depth++) {
          let at = TILE_B + depth * STRIDE + 4u * thread;
          sumOfB += vec4<f32>(memory[at], memory[at + 1u], memory[at + 2u], memory[at + 3u]);
        }
      }
    }
  }

  workgroupBarrier();
  for (var r = 0u; r < DOWN; r++) {
    for (var c = 0u; c < ACROSS; c++) {
      subgroupMatrixStore<row_major>(
        &memory, (row0 + r * MATRIX_M) * SIDE + column0 + c * MATRIX_N, sums[r * ACROSS + c], SIDE);
    }
  }
  workgroupBarrier();
  for (var item = thread; item < SIDE * GROUPS; item += THREADS) {
    let at = 4u * item;
    let sum = vec4<f32>(memory[at], memory[at + 1u], memory[at + 2u], memory[at + 3u]);
    let row = firstA + item / GROUPS;
    let column = firstB + 4u * (item % GROUPS);
    if (SPLITS > 1u) {
      storePartial(part.split, row, column, sum);
    } else {
      finish(batch, row, column, sum);
    }
  }
  if (SUMS && tile.y == 0u && thread < GROUPS) {
    storeSums(select(0u, (SPLITS * M + part.split) * N, SPLITS > 1u), firstB + 4u * thread, sumOfB);
  }
}
