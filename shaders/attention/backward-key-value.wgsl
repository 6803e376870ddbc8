// Attention's gradients of keys and values: dv = dropout(P)^T dy and dk = SCALE dS^T q, with P, dP and dS as in
// attention/backward-query. Both are overwritten; what is not wanted repeats the other's memory.
//
// A workgroup owns 8 keys of one head and streams over tiles of queries: (1) invocations share the queries
// out in fours and compute 8 x 4 scores and their gradients; (2) they share the head's columns out in fours
// and sum over the tile's queries. No atomics: each sum has one owner and one order.
//#include "attention/common"

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

// The bias of query `query` at keys key .. key + 3.
fn bias4(size: Sizes, batch: u32, head: u32, query: u32, key: u32) -> vec4<f32> {
  let at = biasRow(size, batch, head, query) + biasColumns(size, key);
  return vec4<f32>(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

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
  let k0 = tokenAt(batch, size.keys, min(key + 0u, size.keys - 1u), head);
  let k1 = tokenAt(batch, size.keys, min(key + 1u, size.keys - 1u), head);
  let k2 = tokenAt(batch, size.keys, min(key + 2u, size.keys - 1u), head);
  let k3 = tokenAt(batch, size.keys, min(key + 3u, size.keys - 1u), head);
  let k4 = tokenAt(batch, size.keys, min(key + 4u, size.keys - 1u), head);
  let k5 = tokenAt(batch, size.keys, min(key + 5u, size.keys - 1u), head);
  let k6 = tokenAt(batch, size.keys, min(key + 6u, size.keys - 1u), head);
  let k7 = tokenAt(batch, size.keys, min(key + 7u, size.keys - 1u), head);

  for (var first = 0u; first < size.queries; first += TILE) {
    let count = min(TILE, size.queries - first);
    for (var i = 4u * lane; i < count; i += 4u * LANES) {
      let query = first + i;
      let q0 = tokenAt(batch, size.queries, query, head);
      let q1 = tokenAt(batch, size.queries, min(query + 1u, size.queries - 1u), head);
      let q2 = tokenAt(batch, size.queries, min(query + 2u, size.queries - 1u), head);
      let q3 = tokenAt(batch, size.queries, min(query + 3u, size.queries - 1u), head);
      var s0 = vec4<f32>(0.0);
      var s1 = vec4<f32>(0.0);
      var s2 = vec4<f32>(0.0);
      var s3 = vec4<f32>(0.0);
      var s4 = vec4<f32>(0.0);
      var s5 = vec4<f32>(0.0);
      var s6 = vec4<f32>(0.0);
      var s7 = vec4<f32>(0.0);
      for (var d = 0u; d < DIM / 4u; d++) {
        let a = q[q0 + d];
        let b = q[q1 + d];
        let c = q[q2 + d];
        let e = q[q3 + d];
        let x0 = k[k0 + d];
        s0 += vec4<f32>(dot(x0, a), dot(x0, b), dot(x0, c), dot(x0, e));
        let x1 = k[k1 + d];
        s1 += vec4<f32>(dot(x1, a), dot(x1, b), dot(x1, c), dot(x1, e));
        let x2 = k[k2 + d];
        s2 += vec4<f32>(dot(x2, a), dot(x2, b), dot(x2, c), dot(x2, e));
        let x3 = k[k3 + d];
        s3 += vec4<f32>(dot(x3, a), dot(x3, b), dot(x3, c), dot(x3, e));
        let x4 = k[k4 + d];
        s4 += vec4<f32>(dot(x4, a), dot(x4, b), dot(x4, c), dot(x4, e));
        let x5 = k[k5 + d];
        s5 += vec4<f32>(dot(x5, a), dot(x5, b), dot(x5, c), dot(x5, e));
        let x6 = k[k6 + d];
        s6 += vec4<f32>(dot(x6, a), dot(x6, b), dot(x6, c), dot(x6, e));
        let x7 = k[k7 + d];
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
        let a = dy[q0 + d];
        let b = dy[q1 + d];
        let c = dy[q2 + d];
        let e = dy[q3 + d];
        let x0 = v[k0 + d];
        g0 += vec4<f32>(dot(x0, a), dot(x0, b), dot(x0, c), dot(x0, e));
        let x1 = v[k1 + d];
        g1 += vec4<f32>(dot(x1, a), dot(x1, b), dot(x1, c), dot(x1, e));
        let x2 = v[k2 + d];
        g2 += vec4<f32>(dot(x2, a), dot(x2, b), dot(x2, c), dot(x2, e));
        let x3 = v[k3 + d];
        g3 += vec4<f32>(dot(x3, a), dot(x3, b), dot(x3, c), dot(x3, e));
        let x4 = v[k4 + d];
        g4 += vec4<f32>(dot(x4, a), dot(x4, b), dot(x4, c), dot(x4, e));
        let x5 = v[k5 + d];
        g5 += vec4<f32>(dot(x5, a), dot(x5, b), dot(x5, c), dot(x5, e));
        let x6 = v[k6 + d];
        g6 += vec4<f32>(dot(x6, a), dot(x6, b), dot(x6, c), dot(x6, e));
        let x7 = v[k7 + d];
        g7 += vec4<f32>(dot(x7, a), dot(x7, b), dot(x7, c), dot(x7, e));
      }
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
        var s0 = vec4<f32>(0.0);
        var s1 = vec4<f32>(0.0);
        var s2 = vec4<f32>(0.0);
        var s3 = vec4<f32>(0.0);
        var s4 = vec4<f32>(0.0);
        var s5 = vec4<f32>(0.0);
        var s6 = vec4<f32>(0.0);
        var s7 = vec4<f32>(0.0);
        var at = tokenAt(batch, size.queries, first, head) + d;
        for (var i = 0u; i < count; i++) {
          let low = kept[2u * i];
          let high = kept[2u * i + 1u];
          let value = dy[at];
          s0 += low.x * value;
          s1 += low.y * value;
          s2 += low.z * value;
          s3 += low.w * value;
          s4 += high.x * value;
          s5 += high.y * value;
          s6 += high.z * value;
          s7 += high.w * value;
          at += HEADS * (DIM / 4u);
        }
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
        var s0 = vec4<f32>(0.0);
        var s1 = vec4<f32>(0.0);
        var s2 = vec4<f32>(0.0);
        var s3 = vec4<f32>(0.0);
        var s4 = vec4<f32>(0.0);
        var s5 = vec4<f32>(0.0);
        var s6 = vec4<f32>(0.0);
        var s7 = vec4<f32>(0.0);
        var at = tokenAt(batch, size.queries, first, head) + d;
        for (var i = 0u; i < count; i++) {
          let low = tile[2u * i];
          let high = tile[2u * i + 1u];
          let value = q[at];
          s0 += low.x * value;
          s1 += low.y * value;
          s2 += low.z * value;
          s3 += low.w * value;
          s4 += high.x * value;
          s5 += high.y * value;
          s6 += high.z * value;
          s7 += high.w * value;
          at += HEADS * (DIM / 4u);
        }
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
