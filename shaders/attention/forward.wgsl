// Attention: y = dropout(softmax(SCALE q k^T + bias)) v for every head, and lse, the log-sum-exp of the
// biased scores, which the backward pass recomputes the probabilities from. No scores in global memory:
// the online softmax of Milakov and Gimelshein (2018) in the tiling of FlashAttention-2 (Dao, 2023).
//
// A workgroup owns 8 queries of one head and streams over tiles of keys. Per tile: (1) invocations share
// the keys out in fours and compute 8 x 4 scores each in named registers; (2) all agree on the new maximum
// and exponentiate; (3) they share the head's columns out in fours and add probabilities x values.
//#include "common/step"
//#include "attention/common"

@group(0) @binding(0) var<storage, read_write> q: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]
@group(0) @binding(1) var<storage, read_write> k: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(2) var<storage, read_write> v: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(3) var<storage, read_write> bias: array<f32>;        // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>;         // [batch, HEADS, TQ]
@group(0) @binding(6) var<storage, read_write> stepBlock: Step;

// Scores, then probabilities, of a tile: [key][8 queries] as two vec4s.
var<workgroup> tile: array<vec4<f32>, 2u * TILE>;
// One entry an invocation and half: maxima, then sums.
var<workgroup> partials: array<vec4<f32>, 2u * LANES>;

// The bias of query `query` at keys key .. key + 3.
fn bias4(size: Sizes, batch: u32, head: u32, query: u32, key: u32) -> vec4<f32> {
  let at = biasRow(size, batch, head, query) + biasColumns(size, key);
  return vec4<f32>(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&q) / (workgroups.z * HEADS * (DIM / 4u)),
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
  var maxLow = vec4<f32>(LOWEST);
  var maxHigh = vec4<f32>(LOWEST);
  var sumLow = vec4<f32>(0.0);
  var sumHigh = vec4<f32>(0.0);

  for (var first = 0u; first < size.keys; first += TILE) {
    let count = min(TILE, size.keys - first);

    // 1. Scores.
    var topLow = vec4<f32>(LOWEST);
    var topHigh = vec4<f32>(LOWEST);
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
      s0 *= SCALE;
      s1 *= SCALE;
      s2 *= SCALE;
      s3 *= SCALE;
      s4 *= SCALE;
      s5 *= SCALE;
      s6 *= SCALE;
      s7 *= SCALE;
      if (BIAS) {
        let keyBias = bias4(size, batch, head, query, key);
        s0 += keyBias;
        if (!BIAS_QUERY) { s1 += keyBias; } else { s1 += bias4(size, batch, head, query + 1u, key); }
        if (!BIAS_QUERY) { s2 += keyBias; } else { s2 += bias4(size, batch, head, query + 2u, key); }
        if (!BIAS_QUERY) { s3 += keyBias; } else { s3 += bias4(size, batch, head, query + 3u, key); }
        if (!BIAS_QUERY) { s4 += keyBias; } else { s4 += bias4(size, batch, head, query + 4u, key); }
        if (!BIAS_QUERY) { s5 += keyBias; } else { s5 += bias4(size, batch, head, query + 5u, key); }
        if (!BIAS_QUERY) { s6 += keyBias; } else { s6 += bias4(size, batch, head, query + 6u, key); }
        if (!BIAS_QUERY) { s7 += keyBias; } else { s7 += bias4(size, batch, head, query + 7u, key); }
      }
      s0 = max(s0, vec4<f32>(LOWEST));
      s1 = max(s1, vec4<f32>(LOWEST));
      s2 = max(s2, vec4<f32>(LOWEST));
      s3 = max(s3, vec4<f32>(LOWEST));
      s4 = max(s4, vec4<f32>(LOWEST));
      s5 = max(s5, vec4<f32>(LOWEST));
      s6 = max(s6, vec4<f32>(LOWEST));
      s7 = max(s7, vec4<f32>(LOWEST));
      // Stored key by key; keys beyond the last leave the maximum alone.
      let low0 = vec4<f32>(s0.x, s1.x, s2.x, s3.x);
      let high0 = vec4<f32>(s4.x, s5.x, s6.x, s7.x);
      tile[2u * i + 0u] = low0;
      tile[2u * i + 1u] = high0;
      topLow = max(topLow, select(vec4<f32>(LOWEST), low0, i + 0u < count));
      topHigh = max(topHigh, select(vec4<f32>(LOWEST), high0, i + 0u < count));
      let low1 = vec4<f32>(s0.y, s1.y, s2.y, s3.y);
      let high1 = vec4<f32>(s4.y, s5.y, s6.y, s7.y);
      tile[2u * i + 2u] = low1;
      tile[2u * i + 3u] = high1;
      topLow = max(topLow, select(vec4<f32>(LOWEST), low1, i + 1u < count));
      topHigh = max(topHigh, select(vec4<f32>(LOWEST), high1, i + 1u < count));
      let low2 = vec4<f32>(s0.z, s1.z, s2.z, s3.z);
      let high2 = vec4<f32>(s4.z, s5.z, s6.z, s7.z);
      tile[2u * i + 4u] = low2;
      tile[2u * i + 5u] = high2;
      topLow = max(topLow, select(vec4<f32>(LOWEST), low2, i + 2u < count));
      topHigh = max(topHigh, select(vec4<f32>(LOWEST), high2, i + 2u < count));
      let low3 = vec4<f32>(s0.w, s1.w, s2.w, s3.w);
      let high3 = vec4<f32>(s4.w, s5.w, s6.w, s7.w);
      tile[2u * i + 6u] = low3;
      tile[2u * i + 7u] = high3;
      topLow = max(topLow, select(vec4<f32>(LOWEST), low3, i + 3u < count));
      topHigh = max(topHigh, select(vec4<f32>(LOWEST), high3, i + 3u < count));
    }
    partials[2u * lane] = topLow;
    partials[2u * lane + 1u] = topHigh;
    workgroupBarrier();

    // 2. The new maximum; what was summed before shrinks by exp(old - new).
    topLow = maxLow;
    topHigh = maxHigh;
    for (var other = 0u; other < LANES; other++) {
      topLow = max(topLow, partials[2u * other]);
      topHigh = max(topHigh, partials[2u * other + 1u]);
    }
    let shrinkLow = exp(maxLow - topLow);
    let shrinkHigh = exp(maxHigh - topHigh);
    maxLow = topLow;
    maxHigh = topHigh;
    workgroupBarrier();

    var addLow = vec4<f32>(0.0);
    var addHigh = vec4<f32>(0.0);
    for (var i = 4u * lane; i < count; i += 4u * LANES) {
      // What dropout multiplies each probability by, query by query.
      var m0 = vec4<f32>(1.0);
      var m1 = vec4<f32>(1.0);
      var m2 = vec4<f32>(1.0);
      var m3 = vec4<f32>(1.0);
      var m4 = vec4<f32>(1.0);
      var m5 = vec4<f32>(1.0);
      var m6 = vec4<f32>(1.0);
      var m7 = vec4<f32>(1.0);
      if (DROPOUT > 0.0) {
        let seed = stepBlock.seed;
        let step = stepBlock.step;
        m0 = keep4(size, seed, step, batch, head, query + 0u, first + i);
        m1 = keep4(size, seed, step, batch, head, query + 1u, first + i);
        m2 = keep4(size, seed, step, batch, head, query + 2u, first + i);
        m3 = keep4(size, seed, step, batch, head, query + 3u, first + i);
        m4 = keep4(size, seed, step, batch, head, query + 4u, first + i);
        m5 = keep4(size, seed, step, batch, head, query + 5u, first + i);
        m6 = keep4(size, seed, step, batch, head, query + 6u, first + i);
        m7 = keep4(size, seed, step, batch, head, query + 7u, first + i);
      }
      if (i + 0u < count) {
        let low = exp(tile[2u * i + 0u] - topLow);
        let high = exp(tile[2u * i + 1u] - topHigh);
        addLow += low;
        addHigh += high;
        tile[2u * i + 0u] = low * vec4<f32>(m0.x, m1.x, m2.x, m3.x);
        tile[2u * i + 1u] = high * vec4<f32>(m4.x, m5.x, m6.x, m7.x);
      }
      if (i + 1u < count) {
        let low = exp(tile[2u * i + 2u] - topLow);
        let high = exp(tile[2u * i + 3u] - topHigh);
        addLow += low;
        addHigh += high;
        tile[2u * i + 2u] = low * vec4<f32>(m0.y, m1.y, m2.y, m3.y);
        tile[2u * i + 3u] = high * vec4<f32>(m4.y, m5.y, m6.y, m7.y);
      }
      if (i + 2u < count) {
        let low = exp(tile[2u * i + 4u] - topLow);
        let high = exp(tile[2u * i + 5u] - topHigh);
        addLow += low;
        addHigh += high;
        tile[2u * i + 4u] = low * vec4<f32>(m0.z, m1.z, m2.z, m3.z);
        tile[2u * i + 5u] = high * vec4<f32>(m4.z, m5.z, m6.z, m7.z);
      }
      if (i + 3u < count) {
        let low = exp(tile[2u * i + 6u] - topLow);
        let high = exp(tile[2u * i + 7u] - topHigh);
        addLow += low;
        addHigh += high;
        tile[2u * i + 6u] = low * vec4<f32>(m0.w, m1.w, m2.w, m3.w);
        tile[2u * i + 7u] = high * vec4<f32>(m4.w, m5.w, m6.w, m7.w);
      }
    }
    partials[2u * lane] = addLow;
    partials[2u * lane + 1u] = addHigh;
    workgroupBarrier();
    sumLow *= shrinkLow;
    sumHigh *= shrinkHigh;
    for (var other = 0u; other < LANES; other++) {
      sumLow += partials[2u * other];
      sumHigh += partials[2u * other + 1u];
    }

    // 3. Probabilities x values. Between tiles the unfinished sums wait in y.
    let keepLow = select(vec4<f32>(0.0), shrinkLow, first > 0u);
    let keepHigh = select(vec4<f32>(0.0), shrinkHigh, first > 0u);
    let isLast = first + TILE >= size.keys;
    let overLow = select(vec4<f32>(1.0), 1.0 / sumLow, isLast);
    let overHigh = select(vec4<f32>(1.0), 1.0 / sumHigh, isLast);
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
        let value = v[at];
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
      keep(size, query + 0u, q0 + d, s0, keepLow.x, overLow.x);
      keep(size, query + 1u, q1 + d, s1, keepLow.y, overLow.y);
      keep(size, query + 2u, q2 + d, s2, keepLow.z, overLow.z);
      keep(size, query + 3u, q3 + d, s3, keepLow.w, overLow.w);
      keep(size, query + 4u, q4 + d, s4, keepHigh.x, overHigh.x);
      keep(size, query + 5u, q5 + d, s5, keepHigh.y, overHigh.y);
      keep(size, query + 6u, q6 + d, s6, keepHigh.z, overHigh.z);
      keep(size, query + 7u, q7 + d, s7, keepHigh.w, overHigh.w);
    }
    workgroupBarrier();
  }

  if (lane < 2u) {
    let total = select(sumLow, sumHigh, lane == 1u);
    let top = select(maxLow, maxHigh, lane == 1u);
    let result = top + log(total);
    for (var r = 0u; r < 4u; r++) {
      let row = query + 4u * lane + r;
      if (row < size.queries) {
        lse[(batch * HEADS + head) * size.queries + row] = result[r];
      }
    }
  }
}

// y = (y * shrink + sum) * over, where there is such a query.
fn keep(size: Sizes, row: u32, at: u32, sum: vec4<f32>, shrink: f32, over: f32) {
  if (row < size.queries) {
    var total = sum;
    if (shrink != 0.0) {
      total += y[at] * shrink;
    }
    y[at] = total * over;
  }
}
