// y[i, j] = finish(sum_k a[i, k] b[k, j]) for any sizes and any transposition: operands are read one
// value at a time through strides. Register-tiled, 4 rows by 4 columns per invocation, no workgroup
// memory, no feature needed; the fallback where the faster kernels' conditions do not hold.
//#include "matmul/epilogue"
//#include "matmul/strides"

override LANES: u32 = 8u;      // workgroup: LANES invocations along N, ROWS along M
override ROWS: u32 = 4u;

@group(0) @binding(0) var<storage, read_write> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> b: array<f32>;

@compute @workgroup_size(LANES, ROWS, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let batch = id.z;
  let row = id.y * 4u;
  let column = id.x * 4u;
  if (row >= M || column >= N) {
    return;
  }
  // What lies outside is read from the last row or column and not stored.
  var a0 = batch * A_BATCH + row * A_ROW;
  var a1 = batch * A_BATCH + min(row + 1u, M - 1u) * A_ROW;
  var a2 = batch * A_BATCH + min(row + 2u, M - 1u) * A_ROW;
  var a3 = batch * A_BATCH + min(row + 3u, M - 1u) * A_ROW;
  var b0 = batch * B_BATCH + column * B_COLUMN;
  var b1 = batch * B_BATCH + min(column + 1u, N - 1u) * B_COLUMN;
  var b2 = batch * B_BATCH + min(column + 2u, N - 1u) * B_COLUMN;
  var b3 = batch * B_BATCH + min(column + 3u, N - 1u) * B_COLUMN;
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  for (var k = 0u; k < K; k++) {
    let bk = vec4<f32>(b[b0], b[b1], b[b2], b[b3]);
    s0 += a[a0] * bk;
    s1 += a[a1] * bk;
    s2 += a[a2] * bk;
    s3 += a[a3] * bk;
    a0 += A_K;
    a1 += A_K;
    a2 += A_K;
    a3 += A_K;
    b0 += B_K;
    b1 += B_K;
    b2 += B_K;
    b3 += B_K;
  }
  var sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
  for (var r = 0u; r < min(4u, M - row); r++) {
    finish(batch, row + r, column, sums[r]);
  }
  if (SUMS && row == 0u) {
    var sumsOfB = vec4<f32>(0.0);
    for (var k = 0u; k < K; k++) {
      let at = k * B_K + column * B_COLUMN;
      for (var c = 0u; c < min(4u, N - column); c++) {
        sumsOfB[c] += b[at + c * B_COLUMN];
      }
    }
    storeSums(0u, column, sumsOfB);
  }
}
