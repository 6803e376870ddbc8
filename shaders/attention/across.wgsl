// Merges `result` of all invocations that share queries, of which ${neighbours} in a row have the same numbers already.
// Not a module by itself: attention kernels in tiles include it.
workgroupBarrier(); // all have read what lay here
let others = KEY_LANES / ${neighbours};
for (var g = 0u; g < QUERIES_EACH / 4u; g++) {
  if (lane % ${neighbours} == 0u) {
    memory[g * (LANES / ${neighbours}) + lane / ${neighbours}] =
      vec4<f32>(result[4u * g], result[4u * g + 1u], result[4u * g + 2u], result[4u * g + 3u]);
  }
}
workgroupBarrier();
for (var g = 0u; g < QUERIES_EACH / 4u; g++) {
  for (var i = 0u; i < 4u; i++) {
    result[4u * g + i] = ${start};
  }
  for (var other = 0u; other < others; other++) {
    let four = memory[g * (LANES / ${neighbours}) + (lane / KEY_LANES) * others + other];
    for (var i = 0u; i < 4u; i++) {
      result[4u * g + i] = ${merged};
    }
  }
}
