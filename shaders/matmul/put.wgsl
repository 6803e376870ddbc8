// Puts what matmul/fetch read into the tile that begins at `${at}`.
// Not a module by itself: matmul/buffered includes it for each operand.
if (FOURS_${of} && ${of}_K == 1u) {
  for (var turn = 0u; turn < FETCHES_${of} / 4u; turn++) {
    let item = thread + turn * THREADS;
    if (item < (DEPTH / 4u) * ${groups}) {
      for (var i = 0u; i < 4u; i++) {
        tile${of}[${at} * DEPTH * ${stride} + (4u * (item % (DEPTH / 4u)) + i) * ${stride} + item / (DEPTH / 4u)] = fetched${of}[4u * turn + i];
      }
    }
  }
} else {
  for (var turn = 0u; turn < FETCHES_${of}; turn++) {
    let item = thread + turn * THREADS;
    if (item < DEPTH * ${groups}) {
      let depth = select(item / ${groups}, item % DEPTH, ${of}_K == 1u);
      let group = select(item % ${groups}, item / DEPTH, ${of}_K == 1u);
      tile${of}[${at} * DEPTH * ${stride} + depth * ${stride} + group] = fetched${of}[turn];
    }
  }
}
