// Attention: y = dropout(softmax(SCALE q k^T + bias)) v for every head, and lse, the log-sum-exp of the
// biased scores, which the backward pass recomputes the probabilities from. No scores in global memory:
// the online softmax of Milakov and Gimelshein (2018) in the tiling of FlashAttention-2 (Dao, 2023).
//
// A workgroup owns 8 queries of one head and streams over tiles of keys. Per tile: (1) invocations share
// the keys out in fours and compute 8 x 4 scores each in named registers; (2) all agree on the new maximum
// and exponentiate; (3) they share the head's columns out in fours and add probabilities x values.
//#include "common/step"
//#include "attention/common"
//#include "attention/bias"

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
  //#include "attention/eight-rows" at="q" scale="" tokens="queries" first="query"
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
      //#include "attention/eight-scores" sums="s" own="q" ownAt="q" streamed="k" streamedAt="k"
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
      //#include "attention/eight-sums" tile="tile" streamed="v" tokens="keys"
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
