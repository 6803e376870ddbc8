// Adds to `${sums}` of an invocation's keys the tile's queries' heads in `${streamed}`, each times its weight in `${weights}`.
// Not a module by itself: attention kernels in tiles include it.
for (var part = 0u; part < QUERIES && firstQuery + part < size.queries; part += PART) {
  workgroupBarrier(); // all have read what lay here
  for (var r = 0u; r < QUERIES_EACH; r++) {
    let row = r * QUERY_LANES + queryLane;
    if (row >= part && row < part + PART) {
      for (var c = 0u; c < FOURS_EACH; c++) {
        memory[(row - part) * ROW + c * KEY_LANES + keyLane] = ${weights}[r * FOURS_EACH + c];
      }
    }
  }
  for (var span = 0u; span < PART && firstQuery + part + span < size.queries; span += SPAN) {
    if (span > 0u) {
      workgroupBarrier();
    }
    for (var item = lane; item < SPAN * FOURS; item += LANES) {
      let query = firstQuery + part + span + item / FOURS;
      var four = vec4<f32>(0.0);
      if (query < size.queries) {
        four = ${streamed}4(startOf(batch, size.queries, query, head), item % FOURS);
      }
      memory[CHUNK + item] = four;
    }
    workgroupBarrier();
    for (var token = 0u; token < SPAN; token++) {
      var fours: array<vec4<f32>, COLUMNS_EACH>;
      for (var c = 0u; c < COLUMNS_EACH; c++) {
        fours[c] = memory[CHUNK + token * FOURS + min(c * QUERY_LANES + queryLane, FOURS - 1u)];
      }
      for (var g = 0u; g < FOURS_EACH; g++) {
        let weight = memory[(span + token) * ROW + g * KEY_LANES + keyLane];
        for (var c = 0u; c < COLUMNS_EACH; c++) {
          ${sums}[(4u * g + 0u) * COLUMNS_EACH + c] += weight.x * fours[c];
          ${sums}[(4u * g + 1u) * COLUMNS_EACH + c] += weight.y * fours[c];
          ${sums}[(4u * g + 2u) * COLUMNS_EACH + c] += weight.z * fours[c];
          ${sums}[(4u * g + 3u) * COLUMNS_EACH + c] += weight.w * fours[c];
        }
      }
    }
  }
}
