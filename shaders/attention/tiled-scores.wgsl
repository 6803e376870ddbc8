// ${sums}: an invocation's products of heads in `${queries}` and in `${keys}`, of one query and four keys each.
// They begin at zero by their declaration's value: without one, compilers do not clear anew what a loop declares.
// Keys lie in memory by their place within their four, so that neighbours' keys are neighbours.
// Not a module by itself: attention kernels in tiles include it.
var ${sums} = array<vec4<f32>, QUERIES_EACH * FOURS_EACH>();
for (var first = 0u; first < FOURS; first += DEPTH) {
  workgroupBarrier(); // all have read what lay here
  for (var item = lane; item < QUERIES * DEPTH; item += LANES) {
    let query = firstQuery + item / DEPTH;
    let d = first + item % DEPTH;
    var four = vec4<f32>(0.0);
    if (query < size.queries && d < FOURS) {
      four = ${queries}4(startOf(batch, size.queries, query, head), d);
    }
    memory[(item / DEPTH) * STRIDE + item % DEPTH] = four;
  }
  for (var item = lane; item < KEYS * DEPTH; item += LANES) {
    let row = item / DEPTH;
    let key = firstKey + 4u * (row % (KEYS / 4u)) + row / (KEYS / 4u);
    let d = first + item % DEPTH;
    var four = vec4<f32>(0.0);
    if (key < size.keys && d < FOURS) {
      four = ${keys}4(startOf(batch, size.keys, key, head), d);
    }
    memory[(QUERIES + row) * STRIDE + item % DEPTH] = four;
  }
  workgroupBarrier();
  for (var d = 0u; d < DEPTH; d++) {
    var fours: array<vec4<f32>, 4u * FOURS_EACH>;
    for (var c = 0u; c < FOURS_EACH; c++) {
      let at = (QUERIES + c * KEY_LANES + keyLane) * STRIDE + d;
      for (var j = 0u; j < 4u; j++) {
        fours[4u * c + j] = memory[at + j * (KEYS / 4u) * STRIDE];
      }
    }
    for (var r = 0u; r < QUERIES_EACH; r++) {
      let one = memory[(r * QUERY_LANES + queryLane) * STRIDE + d];
      for (var c = 0u; c < FOURS_EACH; c++) {
        ${sums}[r * FOURS_EACH + c] += vec4<f32>(
          dot(one, fours[4u * c]),
          dot(one, fours[4u * c + 1u]),
          dot(one, fours[4u * c + 2u]),
          dot(one, fours[4u * c + 3u]),
        );
      }
    }
  }
}
