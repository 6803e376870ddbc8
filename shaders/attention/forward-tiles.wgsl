// Attention forward, the mathematics of attention/forward. A workgroup owns QUERIES queries of one head and streams over
// tiles of KEYS keys: (1) scores of all of them, each invocation's in its registers; (2) all invocations of a query agree
// on its new maximum; (3) probabilities go through the workgroup's memory to those that sum values, whose sums stay in
// registers to the end.
// Not a module by itself: those that include it declare q, k, v and y, and how invocations tell one another numbers.
//#include "common/step"
//#include "attention/common"
//#include "attention/bias"
//#include "attention/tiles"
//#include "attention/tiled-by-queries"

@group(0) @binding(3) var<storage, read_write> bias: array<f32>; // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>;  // [batch, HEADS, TQ]
@group(0) @binding(6) var<storage, read_write> stepBlock: Step;

// Below LOWEST: what counts for keys beyond the last.
const NOWHERE = -3.4e38;

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  invocation: Invocation,
) {
  let size = Sizes(
    arrayLength(&q) / (workgroups.z * HEADS * OF_HEAD),
    arrayLength(&k) / (workgroups.z * HEADS * OF_HEAD),
  );
  let batch = workgroup.z;
  let head = workgroup.y;
  let firstQuery = workgroup.x * QUERIES;
  let lane = placeOf(invocation);
  let keyLane = lane % KEY_LANES;
  let queryLane = lane / KEY_LANES;
  var sums: array<vec4<f32>, QUERIES_EACH * COLUMNS_EACH>;
  var tops: array<f32, QUERIES_EACH>;
  var totals: array<f32, QUERIES_EACH>; // of an invocation's own keys
  for (var r = 0u; r < QUERIES_EACH; r++) {
    tops[r] = LOWEST;
  }

  for (var firstKey = 0u; firstKey < size.keys; firstKey += KEYS) {
    //#include "attention/tiled-scores" sums="weights" queries="q" keys="k"
    var newTops = tops;
    for (var c = 0u; c < FOURS_EACH; c++) {
      let key = firstKey + 4u * (c * KEY_LANES + keyLane);
      let isKey = vec4<u32>(key, key + 1u, key + 2u, key + 3u) < vec4<u32>(size.keys);
      var keyBias = vec4<f32>(0.0);
      if (BIAS && !BIAS_QUERY) {
        keyBias = bias4(size, batch, head, firstQuery, key);
      }
      for (var r = 0u; r < QUERIES_EACH; r++) {
        var score = weights[r * FOURS_EACH + c] * SCALE + keyBias;
        if (BIAS && BIAS_QUERY) {
          score += bias4(size, batch, head, firstQuery + r * QUERY_LANES + queryLane, key);
        }
        score = select(vec4<f32>(NOWHERE), max(score, vec4<f32>(LOWEST)), isKey);
        weights[r * FOURS_EACH + c] = score;
        newTops[r] = max(newTops[r], max(max(score.x, score.y), max(score.z, score.w)));
      }
    }
    newTops = largest(newTops, lane);
    for (var r = 0u; r < QUERIES_EACH; r++) {
      let shrink = exp(tops[r] - newTops[r]);
      tops[r] = newTops[r];
      totals[r] *= shrink;
      for (var c = 0u; c < COLUMNS_EACH; c++) {
        sums[r * COLUMNS_EACH + c] *= shrink;
      }
      for (var c = 0u; c < FOURS_EACH; c++) {
        var p = exp(weights[r * FOURS_EACH + c] - newTops[r]);
        totals[r] += p.x + p.y + p.z + p.w;
        if (DROPOUT > 0.0) {
          let query = firstQuery + r * QUERY_LANES + queryLane;
          let key = firstKey + 4u * (c * KEY_LANES + keyLane);
          p *= keep4(size, stepBlock.seed, stepBlock.step, batch, head, query, key);
        }
        weights[r * FOURS_EACH + c] = p;
      }
    }
    //#include "attention/tiled-sums-by-queries" streamed="v"
  }

  totals = added(totals, lane);
  for (var r = 0u; r < QUERIES_EACH; r++) {
    let query = firstQuery + r * QUERY_LANES + queryLane;
    if (query < size.queries) {
      for (var c = 0u; c < COLUMNS_EACH; c++) {
        let column = c * KEY_LANES + keyLane;
        if (column < FOURS) {
          storeY(startOf(batch, size.queries, query, head), column, sums[r * COLUMNS_EACH + c] / totals[r]);
        }
      }
      if (keyLane == 0u) {
        lse[(batch * HEADS + head) * size.queries + query] = tops[r] + log(totals[r]);
      }
    }
  }
}
