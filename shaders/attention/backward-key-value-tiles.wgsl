// Attention's gradients of keys and values, the mathematics of attention/backward-key-value; both are overwritten, and
// what is not wanted repeats the other's memory. A workgroup owns KEYS keys of one head and streams over tiles of QUERIES
// queries; both sums stay in registers to the end.
// Not a module by itself: those that include it declare dy, q, k, v, dk and dv.
//#include "attention/common"
//#include "attention/bias"
//#include "attention/tiles"
//#include "attention/tiled-by-keys"

@group(0) @binding(4) var<storage, read_write> bias: array<f32>;  // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> stats: array<u32>; // of attention/backward-stats

override WANT_KEY: bool = true;
override WANT_VALUE: bool = true;

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&q) / (workgroups.z * HEADS * OF_HEAD),
    arrayLength(&dk) / (workgroups.z * HEADS * OF_HEAD),
  );
  let batch = workgroup.z;
  let head = workgroup.y;
  let firstKey = workgroup.x * KEYS;
  // Neighbours have neighbouring queries, of the same keys.
  let queryLane = lane % QUERY_LANES;
  let keyLane = lane / QUERY_LANES;
  var keySums: array<vec4<f32>, 4u * FOURS_EACH * COLUMNS_EACH>;
  var valueSums: array<vec4<f32>, 4u * FOURS_EACH * COLUMNS_EACH>;

  for (var firstQuery = 0u; firstQuery < size.queries; firstQuery += QUERIES) {
    //#include "attention/tiled-scores" sums="kept" queries="q" keys="k"
    //#include "attention/tiled-scores" sums="gradients" queries="dy" keys="v"
    for (var r = 0u; r < QUERIES_EACH; r++) {
      let query = firstQuery + r * QUERY_LANES + queryLane;
      let row = 2u * ((batch * HEADS + head) * size.queries + min(query, size.queries - 1u));
      let logOfSum = bitcast<f32>(stats[2u + row]);
      let delta = bitcast<f32>(stats[3u + row]);
      for (var c = 0u; c < FOURS_EACH; c++) {
        let key = firstKey + 4u * (c * KEY_LANES + keyLane);
        var score = kept[r * FOURS_EACH + c] * SCALE;
        if (BIAS) {
          score += bias4(size, batch, head, query, key);
        }
        let p = exp(max(score, vec4<f32>(LOWEST)) - logOfSum);
        var keep = vec4<f32>(1.0);
        if (DROPOUT > 0.0) {
          keep = keep4(size, stats[0], stats[1], batch, head, query, key);
        }
        let isQuery = query < size.queries;
        kept[r * FOURS_EACH + c] = select(vec4<f32>(0.0), p * keep, isQuery);
        let gradient = p * (gradients[r * FOURS_EACH + c] * keep - delta);
        gradients[r * FOURS_EACH + c] = select(vec4<f32>(0.0), gradient, isQuery);
      }
    }
    if (WANT_VALUE) {
      //#include "attention/tiled-sums-by-keys" sums="valueSums" weights="kept" streamed="dy"
    }
    if (WANT_KEY) {
      //#include "attention/tiled-sums-by-keys" sums="keySums" weights="gradients" streamed="q"
    }
  }

  for (var r = 0u; r < 4u * FOURS_EACH; r++) {
    let key = firstKey + 4u * ((r / 4u) * KEY_LANES + keyLane) + r % 4u;
    for (var c = 0u; c < COLUMNS_EACH; c++) {
      let column = c * QUERY_LANES + queryLane;
      if (key < size.keys && column < FOURS) {
        let start = startOf(batch, size.keys, key, head);
        if (WANT_KEY) {
          storeKey(start, column, keySums[r * COLUMNS_EACH + c] * SCALE);
        }
        if (WANT_VALUE) {
          storeValue(start, column, valueSums[r * COLUMNS_EACH + c]);
        }
      }
    }
  }
}
