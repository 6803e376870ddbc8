// Attention's gradient of the queries: dq = SCALE dS k, with P = exp(SCALE q k^T + bias - lse), dP = dropout of
// dy v^T, dS = P (dP - delta). Nothing of size TQ x TK in global memory: probabilities are recomputed
// (FlashAttention-2, Dao 2023). dq is overwritten.
//
// A workgroup owns 8 queries of one head and streams over tiles of keys, as attention/forward does.
//#include "attention/common"

@group(0) @binding(0) var<storage, read_write> dy: array<vec4<f32>>;    // [batch, TQ, HEADS * DIM]
@group(0) @binding(1) var<storage, read_write> q: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]
@group(0) @binding(2) var<storage, read_write> k: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(4) var<storage, read_write> bias: array<f32>;        // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> stats: array<u32>;       // of attention/backward-stats
@group(0) @binding(6) var<storage, read_write> dq: array<vec4<f32>>;    // [batch, TQ, HEADS * DIM]

// dS of a tile: [key][8 queries] as two vec4s.
var<workgroup> tile: array<vec4<f32>, 2u * TILE>;

// The bias of query `query` at keys key .. key + 3.
fn bias4(size: Sizes, batch: u32, head: u32, query: u32, key: u32) -> vec4<f32> {
  let at = biasRow(size, batch, head, query) + biasColumns(size, key);
  return vec4<f32>(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

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
  let q0 = tokenAt(batch, size.queries, min(query + 0u, size.queries - 1u), head);
  let q1 = tokenAt(batch, size.queries, min(query + 1u, size.queries - 1u), head);
  let q2 = tokenAt(batch, size.queries, min(query + 2u, size.queries - 1u), head);
  let q3 = tokenAt(batch, size.queries, min(query + 3u, size.queries - 1u), head);
  let q4 = tokenAt(batch, size.queries, min(query + 4u, size.queries - 1u), head);
  let q5 = tokenAt(batch, size.queries, min(query + 5u, size.queries - 1u), head);
  let q6 = tokenAt(batch, size.queries, min(query + 6u, size.queries - 1u), head);
  let q7 = tokenAt(batch, size.queries, min(query + 7u, size.queries - 1u), head);

  for (var first = 0u; first < size.keys; first += TILE) {
    let count = min(TILE, size.keys - first);
    for (var i = 4u * lane; i < count; i += 4u * LANES) {
      let key = first + i;
      let k0 = tokenAt(batch, size.keys, key, head);
      let k1 = tokenAt(batch, size.keys, min(key + 1u, size.keys - 1u), head);
      let k2 = tokenAt(batch, size.keys, min(key + 2u, size.keys - 1u), head);
      let k3 = tokenAt(batch, size.keys, min(key + 3u, size.keys - 1u), head);
      var s0 = vec4<f32>(0.0);
      var s1 = vec4<f32>(0.0);
      var s2 = vec4<f32>(0.0);
      var s3 = vec4<f32>(0.0);
      var s4 = vec4<f32>(0.0);
      var s5 = vec4<f32>(0.0);
      var s6 = vec4<f32>(0.0);
      var s7 = vec4<f32>(0.0);
      for (var d = 0u; d < DIM / 4u; d++) {
        let a = k[k0 + d];
        let b = k[k1 + d];
        let c = k[k2 + d];
        let e = k[k3 + d];
        let x0 = q[q0 + d];
        s0 += vec4<f32>(dot(x0, a), dot(x0, b), dot(x0, c), dot(x0, e));
        let x1 = q[q1 + d];
        s1 += vec4<f32>(dot(x1, a), dot(x1, b), dot(x1, c), dot(x1, e));
        let x2 = q[q2 + d];
        s2 += vec4<f32>(dot(x2, a), dot(x2, b), dot(x2, c), dot(x2, e));
        let x3 = q[q3 + d];
        s3 += vec4<f32>(dot(x3, a), dot(x3, b), dot(x3, c), dot(x3, e));
        let x4 = q[q4 + d];
        s4 += vec4<f32>(dot(x4, a), dot(x4, b), dot(x4, c), dot(x4, e));
        let x5 = q[q5 + d];
        s5 += vec4<f32>(dot(x5, a), dot(x5, b), dot(x5, c), dot(x5, e));
        let x6 = q[q6 + d];
        s6 += vec4<f32>(dot(x6, a), dot(x6, b), dot(x6, c), dot(x6, e));
        let x7 = q[q7 + d];
        s7 += vec4<f32>(dot(x7, a), dot(x7, b), dot(x7, c), dot(x7, e));
      }
      var g0 = vec4<f32>(0.0);
      var g1 = vec4<f32>(0.0);
      var g2 = vec4<f32>(0.0);
      var g3 = vec4<f32>(0.0);
      var g4 = vec4<f32>(0.0);
      var g5 = vec4<f32>(0.0);
      var g6 = vec4<f32>(0.0);
      var g7 = vec4<f32>(0.0);
      for (var d = 0u; d < DIM / 4u; d++) {
        let a = v[k0 + d];
        let b = v[k1 + d];
        let c = v[k2 + d];
        let e = v[k3 + d];
        let x0 = dy[q0 + d];
        g0 += vec4<f32>(dot(x0, a), dot(x0, b), dot(x0, c), dot(x0, e));
        let x1 = dy[q1 + d];
        g1 += vec4<f32>(dot(x1, a), dot(x1, b), dot(x1, c), dot(x1, e));
        let x2 = dy[q2 + d];
        g2 += vec4<f32>(dot(x2, a), dot(x2, b), dot(x2, c), dot(x2, e));
        let x3 = dy[q3 + d];
        g3 += vec4<f32>(dot(x3, a), dot(x3, b), dot(x3, c), dot(x3, e));
        let x4 = dy[q4 + d];
        g4 += vec4<f32>(dot(x4, a), dot(x4, b), dot(x4, c), dot(x4, e));
        let x5 = dy[q5 + d];
        g5 += vec4<f32>(dot(x5, a), dot(x5, b), dot(x5, c), dot(x5, e));
        let x6 = dy[q6 + d];
        g6 += vec4<f32>(dot(x6, a), dot(x6, b), dot(x6, c), dot(x6, e));
        let x7 = dy[q7 + d];
        g7 += vec4<f32>(dot(x7, a), dot(x7, b), dot(x7, c), dot(x7, e));
      }
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
      var s0 = vec4<f32>(0.0);
      var s1 = vec4<f32>(0.0);
      var s2 = vec4<f32>(0.0);
      var s3 = vec4<f32>(0.0);
      var s4 = vec4<f32>(0.0);
      var s5 = vec4<f32>(0.0);
      var s6 = vec4<f32>(0.0);
      var s7 = vec4<f32>(0.0);
      var at = tokenAt(batch, size.keys, first, head) + d;
      for (var i = 0u; i < count; i++) {
        let low = tile[2u * i];
        let high = tile[2u * i + 1u];
        let key = k[at];
        s0 += low.x * key;
        s1 += low.y * key;
        s2 += low.z * key;
        s3 += low.w * key;
        s4 += high.x * key;
        s5 += high.y * key;
        s6 += high.z * key;
        s7 += high.w * key;
        at += HEADS * (DIM / 4u);
      }
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
