// Attention's gradient of the queries, the mathematics of attention/backward-query; dq is overwritten. A workgroup owns
// QUERIES queries of one head and streams over tiles of KEYS keys, as attention/forward-tiles does; its sums stay in
// registers to the end.
// Not a module by itself: those that include it declare dy, q, k, v and dq.
//#include "attention/common"
//#include "attention/bias"
//#include "attention/tiles"
//#include "attention/tiled-by-queries"

@group(0) @binding(4) var<storage, read_write> bias: array<f32>;  // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> stats: array<u32>; // of attention/backward-stats

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&dq) / (workgroups.z * HEADS * OF_HEAD),
    arrayLength(&k) / (workgroups.z * HEADS * OF_HEAD),
  );
  let batch = workgroup.z;
  let head = workgroup.y;
  let firstQuery = workgroup.x * QUERIES;
  let keyLane = lane % KEY_LANES;
  let queryLane = lane / KEY_LANES;
  var sums: array<vec4<f32>, QUERIES_EACH * COLUMNS_EACH>;

  for (var firstKey = 0u; firstKey < size.keys; firstKey += KEYS) {
    //#include "attention/tiled-scores" sums="weights" queries="q" keys="k"
    //#include "attention/tiled-scores" sums="gradients" queries="dy" keys="v"
    for (var r = 0u; r < QUERIES_EACH; r++) {
      let query = firstQuery + r * QUERY_LANES + queryLane;
      let row = 2u * ((batch * HEADS + head) * size.queries + min(query, size.queries - 1u));
      let logOfSum = bitcast<f32>(stats[2u + row]);
      let delta = bitcast<f32>(stats[3u + row]);
      for (var c = 0u; c < FOURS_EACH; c++) {
        let key = firstKey + 4u * (c * KEY_LANES + keyLane);
        var score = weights[r * FOURS_EACH + c] * SCALE;
        if (BIAS) {
          score += bias4(size, batch, head, query, key);
        }
        let p = exp(max(score, vec4<f32>(LOWEST)) - logOfSum);
        var gradient = gradients[r * FOURS_EACH + c];
        if (DROPOUT > 0.0) {
          gradient *= keep4(size, stats[0], stats[1], batch, head, query, key);
        }
        let isKey = vec4<u32>(key, key + 1u, key + 2u, key + 3u) < vec4<u32>(size.keys);
        weights[r * FOURS_EACH + c] = select(vec4<f32>(0.0), p * (gradient - delta), isKey);
      }
    }
    //#include "attention/tiled-sums-by-queries" streamed="k"
  }

  for (var r = 0u; r < QUERIES_EACH; r++) {
    let query = firstQuery + r * QUERY_LANES + queryLane;
    for (var c = 0u; c < COLUMNS_EACH; c++) {
      let column = c * KEY_LANES + keyLane;
      if (query < size.queries && column < FOURS) {
        storeQuery(startOf(batch, size.queries, query, head), column, sums[r * COLUMNS_EACH + c] * SCALE);
      }
    }
  }
}
