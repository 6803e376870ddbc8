// Adds to `sums` of an invocation's queries the tile's keys' heads in `${streamed}`, each times its weight in `weights`.
// Not a module by itself: attention kernels in tiles include it.
for (var part = 0u; part < KEYS && firstKey + part < size.keys; part += PART) {
  workgroupBarrier(); // all have read what lay here
  for (var c = 0u; c < FOURS_EACH; c++) {
    let four = c * KEY_LANES + keyLane;
    if (4u * four >= part && 4u * four < part + PART) {
      for (var r = 0u; r < QUERIES_EACH; r++) {
        memory[(r * QUERY_LANES + queryLane) * ROW + four - part / 4u] = weights[r * FOURS_EACH + c];
      }
    }
  }
  for (var span = 0u; span < PART && firstKey + part + span < size.keys; span += SPAN) {
    if (span > 0u) {
      workgroupBarrier();
    }
    for (var item = lane; item < SPAN * FOURS; item += LANES) {
      let key = firstKey + part + span + item / FOURS;
      var four = vec4<f32>(0.0);
      if (key < size.keys) {
        four = ${streamed}4(startOf(batch, size.keys, key, head), item % FOURS);
      }
      memory[CHUNK + item] = four;
    }
    workgroupBarrier();
    for (var g = 0u; g < SPAN / 4u; g++) {
      var fours: array<vec4<f32>, 4u * COLUMNS_EACH>;
      for (var c = 0u; c < COLUMNS_EACH; c++) {
        let at = CHUNK + 4u * g * FOURS + min(c * KEY_LANES + keyLane, FOURS - 1u);
        for (var j = 0u; j < 4u; j++) {
          fours[4u * c + j] = memory[at + j * FOURS];
        }
      }
      for (var r = 0u; r < QUERIES_EACH; r++) {
        let weight = memory[(r * QUERY_LANES + queryLane) * ROW + span / 4u + g];
        for (var c = 0u; c < COLUMNS_EACH; c++) {
          var sum = sums[r * COLUMNS_EACH + c];
          sum += weight.x * fours[4u * c];
          sum += weight.y * fours[4u * c + 1u];
          sum += weight.z * fours[4u * c + 2u];
          sum += weight.w * fours[4u * c + 3u];
          sums[r * COLUMNS_EACH + c] = sum;
        }
      }
    }
  }
}
