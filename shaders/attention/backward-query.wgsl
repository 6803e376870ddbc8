// Attention's gradient of the queries: dq = SCALE dS k, with P = exp(SCALE q k^T + bias - lse), dP = dropout of
// dy v^T, dS = P (dP - delta). Nothing of size TQ x TK in global memory: probabilities are recomputed
// (FlashAttention-2, Dao 2023). dq is overwritten.
//
// A workgroup owns 8 queries of one head and streams over tiles of keys, as attention/forward does.
//#include "attention/common"
//#include "attention/bias"

@group(0) @binding(0) var<storage, read_write> dy: array<vec4<f32>>;    // [batch, TQ, HEADS * DIM]
@group(0) @binding(1) var<storage, read_write> q: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]
@group(0) @binding(2) var<storage, read_write> k: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(4) var<storage, read_write> bias: array<f32>;        // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> stats: array<u32>;       // of attention/backward-stats
@group(0) @binding(6) var<storage, read_write> dq: array<vec4<f32>>;    // [batch, TQ, HEADS * DIM]

// dS of a tile: [key][8 queries] as two vec4s.
var<workgroup> tile: array<vec4<f32>, 2u * TILE>;

// dS of one query and four keys from scores s (unscaled) and dp.
fn scoreGradient(size: Sizes, batch: u32, head: u32, query: u32, key: u32, s: vec4<f32>, dp: vec4<f32>) -> vec4<f32> {
  let row = 2u * ((batch * HEADS + head) * size.queries + min(query, size.queries - 1u));
  let lse = bitcast<f32>(stats[2u + row]);
  let delta = bitcast<f32>(stats[3u + row]);
  var score = s * SCALE;
  if (BIAS) {
    score += bias4(size, batch, head, query, key);
  }
  let p = exp(max(score, vec4<f32>(LOWEST)) - lse);
  var gradient = dp;
  if (DROPOUT > 0.0) {
    gradient *= keep4(size, stats[0], stats[1], batch, head, query, key);
  }
  return p * (gradient - delta);
}

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&dq) / (workgroups.z * HEADS * (DIM / 4u)),
    arrayLength(&k) / (workgroups.z * HEADS * (DIM / 4u)),
  );
  let batch = group.z;
  let head = group.y;
  let query = group.x * 8u;
  //#include "attention/eight-rows" at="q" scale="" tokens="queries" first="query"

  for (var first = 0u; first < size.keys; first += TILE) {
    let count = min(TILE, size.keys - first);
    for (var i = 4u * lane; i < count; i += 4u * LANES) {
      let key = first + i;
      let k0 = tokenAt(batch, size.keys, key, head);
      let k1 = tokenAt(batch, size.keys, min(key + 1u, size.keys - 1u), head);
      let k2 = tokenAt(batch, size.keys, min(key + 2u, size.keys - 1u), head);
      let k3 = tokenAt(batch, size.keys, min(key + 3u, size.keys - 1u), head);
      //#include "attention/eight-scores" sums="s" own="q" ownAt="q" streamed="k" streamedAt="k"
      //#include "attention/eight-scores" sums="g" own="dy" ownAt="q" streamed="v" streamedAt="k"
      s0 = scoreGradient(size, batch, head, query + 0u, key, s0, g0);
      s1 = scoreGradient(size, batch, head, query + 1u, key, s1, g1);
      s2 = scoreGradient(size, batch, head, query + 2u, key, s2, g2);
      s3 = scoreGradient(size, batch, head, query + 3u, key, s3, g3);
      s4 = scoreGradient(size, batch, head, query + 4u, key, s4, g4);
      s5 = scoreGradient(size, batch, head, query + 5u, key, s5, g5);
      s6 = scoreGradient(size, batch, head, query + 6u, key, s6, g6);
      s7 = scoreGradient(size, batch, head, query + 7u, key, s7, g7);
      tile[2u * i + 0u] = vec4<f32>(s0.x, s1.x, s2.x, s3.x);
      tile[2u * i + 1u] = vec4<f32>(s4.x, s5.x, s6.x, s7.x);
      tile[2u * i + 2u] = vec4<f32>(s0.y, s1.y, s2.y, s3.y);
      tile[2u * i + 3u] = vec4<f32>(s4.y, s5.y, s6.y, s7.y);
      tile[2u * i + 4u] = vec4<f32>(s0.z, s1.z, s2.z, s3.z);
      tile[2u * i + 5u] = vec4<f32>(s4.z, s5.z, s6.z, s7.z);
      tile[2u * i + 6u] = vec4<f32>(s0.w, s1.w, s2.w, s3.w);
      tile[2u * i + 7u] = vec4<f32>(s4.w, s5.w, s6.w, s7.w);
    }
    workgroupBarrier();

    // dS x keys. Between tiles the unfinished sums wait in dq.
    for (var d = lane; d < DIM / 4u; d += LANES) {
      //#include "attention/eight-sums" tile="tile" streamed="k" tokens="keys"
      add(size, query + 0u, q0 + d, s0, first > 0u);
      add(size, query + 1u, q1 + d, s1, first > 0u);
      add(size, query + 2u, q2 + d, s2, first > 0u);
      add(size, query + 3u, q3 + d, s3, first > 0u);
      add(size, query + 4u, q4 + d, s4, first > 0u);
      add(size, query + 5u, q5 + d, s5, first > 0u);
      add(size, query + 6u, q6 + d, s6, first > 0u);
      add(size, query + 7u, q7 + d, s7, first > 0u);
    }
    workgroupBarrier();
  }
}

fn add(size: Sizes, row: u32, at: u32, sum: vec4<f32>, isLater: bool) {
  if (row < size.queries) {
    var total = sum * SCALE;
    if (isLater) {
      total += dq[at];
    }
    dq[at] = total;
  }
}
