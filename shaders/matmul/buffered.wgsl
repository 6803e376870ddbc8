// y[i, j] = finish(sum_k a[i, k] b[k, j]) as matmul/blocked, with two tiles of each operand: the next is read into
// registers before this one is multiplied, and put beside it after, so that memory and arithmetic go on at once and there
// is one barrier a tile.
// Not a module by itself: those that include it declare a and b, each as numbers or in fours (oneOfA, foursOfA, FOURS_A), of
// several the one that `pair` says, and what is done with sums (finish, storePartial, storeSums).
//#include "matmul/part"
//#include "matmul/blocks"

const FETCHES_A: u32 = 4u; // fours of a tile that are an invocation's, a multiple of 4
const FETCHES_B: u32 = 4u;

var<workgroup> tileA: array<vec4<f32>, 2u * DEPTH * STRIDE_A>;
var<workgroup> tileB: array<vec4<f32>, 2u * DEPTH * STRIDE_B>;

@compute @workgroup_size(THREADS_X, THREADS_Y, 1)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let part = partOf(tile.z);
  let batch = part.batch;
  let lastK = part.lastK;
  let firstA = tile.y * 4u * GROUPS_M;
  let firstB = tile.x * 4u * GROUPS_N;
  var sums: array<vec4<f32>, ROWS * FOURS>;
  var sumsOfB: array<vec4<f32>, FOURS>;
  var fetchedA: array<vec4<f32>, FETCHES_A>;
  var fetchedB: array<vec4<f32>, FETCHES_B>;
  var now = 0u; // which of the two is multiplied

  for (var summed = 0u; summed < PAIRS; summed++) {
    pair = select(pair, summed, PAIRS > 1u);
    // Before the first tile nothing is multiplied.
    for (var k0 = part.firstK; k0 < lastK + DEPTH; k0 += DEPTH) {
      if (k0 < lastK) {
        //#include "matmul/fetch" of="A" along="row" size="M" apart="A_ROW" groups="GROUPS_M"
        //#include "matmul/fetch" of="B" along="column" size="N" apart="B_COLUMN" groups="GROUPS_N"
      }
      if (k0 > part.firstK) {
        //#include "matmul/blocked-multiply" atA="now * DEPTH * STRIDE_A + " atB="now * DEPTH * STRIDE_B + "
      }
      if (k0 < lastK) {
        //#include "matmul/put" of="A" groups="GROUPS_M" stride="STRIDE_A" at="(1u - now)"
        //#include "matmul/put" of="B" groups="GROUPS_N" stride="STRIDE_B" at="(1u - now)"
      }
      workgroupBarrier();
      now = 1u - now;
    }
  }

  let firstRow = firstA;
  let firstColumn = firstB;
  //#include "matmul/blocked-finish"
}
