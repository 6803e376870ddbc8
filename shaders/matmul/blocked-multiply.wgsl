// Adds to `sums` the product of the tiles of A and B, and with SUMS to `sumsOfB` b's columns.
// Not a module by itself: matmul/blocked and matmul/buffered include it.
for (var depth = 0u; depth < DEPTH; depth++) {
  var columns: array<vec4<f32>, FOURS>;
  for (var c = 0u; c < FOURS; c++) {
    columns[c] = tileB[${atB}depth * STRIDE_B + c * THREADS_X + local.x];
  }
  for (var g = 0u; g < ROWS / 4u; g++) {
    let rows = tileA[${atA}depth * STRIDE_A + g * THREADS_Y + local.y];
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
      sumsOfB[c] += tileB[${atB}depth * STRIDE_B + c * THREADS_X + local.x];
    }
  }
}
