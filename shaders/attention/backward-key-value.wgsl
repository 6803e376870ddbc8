// Attention's gradients of keys and values: dv = dropout(P)^T dy and dk = SCALE dS^T q, with P, dP and dS as in
// attention/backward-query. Both are overwritten; what is not wanted repeats the other's memory.
//
// A workgroup owns 8 keys of one head and streams over tiles of queries: (1) invocations share the queries
// out in fours and compute 8 x 4 scores and their gradients; (2) they share the head's columns out in fours
// and sum over the tile's queries. No atomics: each sum has one owner and one order.
//#include "attention/common"
//#include "attention/bias"

@group(0) @binding(0) var<storage, read_write> dy: array<vec4<f32>>;    // [batch, TQ, HEADS * DIM]
@group(0) @binding(1) var<storage, read_write> q: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]
@group(0) @binding(2) var<storage, read_write> k: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(4) var<storage, read_write> bias: array<f32>;        // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> stats: array<u32>;       // of attention/backward-stats
@group(0) @binding(6) var<storage, read_write> dk: array<vec4<f32>>;    // [batch, TK, HEADS * DIM]
@group(0) @binding(7) var<storage, read_write> dv: array<vec4<f32>>;    // [batch, TK, HEADS * DIM]

override WANT_KEY: bool = true;
override WANT_VALUE: bool = true;

// Probabilities after dropout, and dS, of a tile: [query][8 keys] as two vec4s.
var<workgroup> kept: array<vec4<f32>, 2u * TILE>;
var<workgroup> tile: array<vec4<f32>, 2u * TILE>;

// Fills half (0 or 1: keys key .. key + 3) of entry i of both tiles.
fn fill(size: Sizes, batch: u32, head: u32, query: u32, key: u32, i: u32, half: u32, s: vec4<f32>, dp: vec4<f32>) {
  let row = 2u * ((batch * HEADS + head) * size.queries + min(query, size.queries - 1u));
  let lse = bitcast<f32>(stats[2u + row]);
  let delta = bitcast<f32>(stats[3u + row]);
  var score = s * SCALE;
  if (BIAS) {
    score += bias4(size, batch, head, min(query, size.queries - 1u), key);
  }
  let p = exp(max(score, vec4<f32>(LOWEST)) - lse);
  var keep = vec4<f32>(1.0);
  if (DROPOUT > 0.0) {
    keep = keep4(size, stats[0], stats[1], batch, head, query, key);
  }
  kept[2u * i + half] = p * keep;
  tile[2u * i + half] = p * (dp * keep - delta);
}

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&q) / (workgroups.z * HEADS * (DIM / 4u)),
    arrayLength(&dk) / (workgroups.z * HEADS * (DIM / 4u)),
  );
  let batch = group.z;
  let head = group.y;
  let key = group.x * 8u;
  //#include "attention/eight-rows" at="k" scale="" tokens="keys" first="key"

  for (var first = 0u; first < size.queries; first += TILE) {
    let count = min(TILE, size.queries - first);
    for (var i = 4u * lane; i < count; i += 4u * LANES) {
      let query = first + i;
      let q0 = tokenAt(batch, size.queries, query, head);
      let q1 = tokenAt(batch, size.queries, min(query + 1u, size.queries - 1u), head);
      let q2 = tokenAt(batch, size.queries, min(query + 2u, size.queries - 1u), head);
      let q3 = tokenAt(batch, size.queries, min(query + 3u, size.queries - 1u), head);
      //#include "attention/eight-scores" sums="s" own="k" ownAt="k" streamed="q" streamedAt="q"
      //#include "attention/eight-scores" sums="g" own="v" ownAt="k" streamed="dy" streamedAt="q"
      fill(size, batch, head, query + 0u, key, i + 0u, 0u, vec4<f32>(s0.x, s1.x, s2.x, s3.x), vec4<f32>(g0.x, g1.x, g2.x, g3.x));
      fill(size, batch, head, query + 0u, key + 4u, i + 0u, 1u, vec4<f32>(s4.x, s5.x, s6.x, s7.x), vec4<f32>(g4.x, g5.x, g6.x, g7.x));
      fill(size, batch, head, query + 1u, key, i + 1u, 0u, vec4<f32>(s0.y, s1.y, s2.y, s3.y), vec4<f32>(g0.y, g1.y, g2.y, g3.y));
      fill(size, batch, head, query + 1u, key + 4u, i + 1u, 1u, vec4<f32>(s4.y, s5.y, s6.y, s7.y), vec4<f32>(g4.y, g5.y, g6.y, g7.y));
      fill(size, batch, head, query + 2u, key, i + 2u, 0u, vec4<f32>(s0.z, s1.z, s2.z, s3.z), vec4<f32>(g0.z, g1.z, g2.z, g3.z));
      fill(size, batch, head, query + 2u, key + 4u, i + 2u, 1u, vec4<f32>(s4.z, s5.z, s6.z, s7.z), vec4<f32>(g4.z, g5.z, g6.z, g7.z));
      fill(size, batch, head, query + 3u, key, i + 3u, 0u, vec4<f32>(s0.w, s1.w, s2.w, s3.w), vec4<f32>(g0.w, g1.w, g2.w, g3.w));
      fill(size, batch, head, query + 3u, key + 4u, i + 3u, 1u, vec4<f32>(s4.w, s5.w, s6.w, s7.w), vec4<f32>(g4.w, g5.w, g6.w, g7.w));
    }
    workgroupBarrier();

    // Between tiles the unfinished sums wait in dv and dk.
    if (WANT_VALUE) {
      for (var d = lane; d < DIM / 4u; d += LANES) {
        //#include "attention/eight-sums" tile="kept" streamed="dy" tokens="queries"
        addValue(size, key + 0u, k0 + d, s0, first > 0u);
        addValue(size, key + 1u, k1 + d, s1, first > 0u);
        addValue(size, key + 2u, k2 + d, s2, first > 0u);
        addValue(size, key + 3u, k3 + d, s3, first > 0u);
        addValue(size, key + 4u, k4 + d, s4, first > 0u);
        addValue(size, key + 5u, k5 + d, s5, first > 0u);
        addValue(size, key + 6u, k6 + d, s6, first > 0u);
        addValue(size, key + 7u, k7 + d, s7, first > 0u);
      }
    }
    if (WANT_KEY) {
      for (var d = lane; d < DIM / 4u; d += LANES) {
        //#include "attention/eight-sums" tile="tile" streamed="q" tokens="queries"
        addKey(size, key + 0u, k0 + d, s0, first > 0u);
        addKey(size, key + 1u, k1 + d, s1, first > 0u);
        addKey(size, key + 2u, k2 + d, s2, first > 0u);
        addKey(size, key + 3u, k3 + d, s3, first > 0u);
        addKey(size, key + 4u, k4 + d, s4, first > 0u);
        addKey(size, key + 5u, k5 + d, s5, first > 0u);
        addKey(size, key + 6u, k6 + d, s6, first > 0u);
        addKey(size, key + 7u, k7 + d, s7, first > 0u);
      }
    }
    workgroupBarrier();
  }
}

fn addValue(size: Sizes, row: u32, at: u32, sum: vec4<f32>, isLater: bool) {
  if (row < size.keys) {
    var total = sum;
    if (isLater) {
      total += dv[at];
    }
    dv[at] = total;
  }
}

fn addKey(size: Sizes, row: u32, at: u32, sum: vec4<f32>, isLater: bool) {
  if (row < size.keys) {
    var total = sum * SCALE;
    if (isLater) {
      total += dk[at];
    }
    dk[at] = total;
  }
}
