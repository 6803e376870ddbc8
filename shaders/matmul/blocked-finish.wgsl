// Finishes an invocation's `sums`, or stores them as a part of a long sum.
// Not a module by itself: matmul/blocked and matmul/buffered include it.
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
