// Where the eight rows of a begin that lie along K.
// Not a module by itself: matmul/quad-nn and matmul/quad-nt include it.
  let aBase = batch * count * K;
  let r0 = min(row + 0u, count - 1u) * K;
  let r1 = min(row + 1u, count - 1u) * K;
  let r2 = min(row + 2u, count - 1u) * K;
  let r3 = min(row + 3u, count - 1u) * K;
  let r4 = min(row + 4u, count - 1u) * K;
  let r5 = min(row + 5u, count - 1u) * K;
  let r6 = min(row + 6u, count - 1u) * K;
  let r7 = min(row + 7u, count - 1u) * K;
