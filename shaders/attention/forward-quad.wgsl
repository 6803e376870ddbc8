// Attention forward, the mathematics, bindings and tiling of attention/forward.
// The form for software adapters with subgroups. There a load of a buffer is a gather with checks, dear to run and
// dear to compile, so: what the four invocations of a quad all need is loaded one value by each and passed
// round by quadBroadcast; and what runs once an item is a loop, not unrolled. All control flow around a
// broadcast is uniform: invocations beyond the end compute on the last entry and store nothing.
enable subgroups;
//#include "common/step"
//#include "attention/common"

@group(0) @binding(0) var<storage, read_write> q: array<f32>;           // [batch, TQ, HEADS * DIM]
@group(0) @binding(1) var<storage, read_write> k: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(2) var<storage, read_write> v: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(3) var<storage, read_write> bias: array<f32>;        // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>;         // [batch, HEADS, TQ]
@group(0) @binding(6) var<storage, read_write> stepBlock: Step;

// Scores, then probabilities, of a tile: [key][8 queries] as two vec4s.
var<workgroup> tile: array<vec4<f32>, 2u * TILE>;
// Of the 8 queries: maximum so far, sum so far, exp(old maximum - new).
var<workgroup> tops: array<f32, 8>;
var<workgroup> totals: array<f32, 8>;
var<workgroup> shrinks: array<f32, 8>;

// The bias of query `query` at keys key .. key + 3.
fn bias4(size: Sizes, batch: u32, head: u32, query: u32, key: u32) -> vec4<f32> {
  let at = biasRow(size, batch, head, query) + biasColumns(size, key);
  return vec4<f32>(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&q) / (workgroups.z * HEADS * DIM),
    arrayLength(&k) / (workgroups.z * HEADS * (DIM / 4u)),
  );
  let batch = workgroup.z;
  let head = workgroup.y;
  let query = workgroup.x * 8u;
  let quadLane = lane & 3u;
  let rows = min(8u, size.queries - query); // a length no compiler knows, so loops over rows stay loops
  let own0 = 4u * tokenAt(batch, size.queries, min(query + 0u, size.queries - 1u), head);
  let own1 = 4u * tokenAt(batch, size.queries, min(query + 1u, size.queries - 1u), head);
  let own2 = 4u * tokenAt(batch, size.queries, min(query + 2u, size.queries - 1u), head);
  let own3 = 4u * tokenAt(batch, size.queries, min(query + 3u, size.queries - 1u), head);
  let own4 = 4u * tokenAt(batch, size.queries, min(query + 4u, size.queries - 1u), head);
  let own5 = 4u * tokenAt(batch, size.queries, min(query + 5u, size.queries - 1u), head);
  let own6 = 4u * tokenAt(batch, size.queries, min(query + 6u, size.queries - 1u), head);
  let own7 = 4u * tokenAt(batch, size.queries, min(query + 7u, size.queries - 1u), head);
  for (var r = lane; r < 8u; r += LANES) {
    tops[r] = LOWEST;
    totals[r] = 0.0;
  }

  for (var first = 0u; first < size.keys; first += TILE) {
    let count = min(TILE, size.keys - first);

    // 1. Scores, four keys an invocation.
    for (var base = 0u; base < count; base += 4u * LANES) {
      let i = base + 4u * lane;
      let k0 = tokenAt(batch, size.keys, min(first + i + 0u, size.keys - 1u), head);
      let k1 = tokenAt(batch, size.keys, min(first + i + 1u, size.keys - 1u), head);
      let k2 = tokenAt(batch, size.keys, min(first + i + 2u, size.keys - 1u), head);
      let k3 = tokenAt(batch, size.keys, min(first + i + 3u, size.keys - 1u), head);
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
        let at = 4u * d + quadLane;
        let x0 = q[own0 + at];
        let x1 = q[own1 + at];
        let x2 = q[own2 + at];
        let x3 = q[own3 + at];
        let x4 = q[own4 + at];
        let x5 = q[own5 + at];
        let x6 = q[own6 + at];
        let x7 = q[own7 + at];
        {
          let t = vec4<f32>(a.x, b.x, c.x, e.x);
          s0 += quadBroadcast(x0, 0u) * t;
          s1 += quadBroadcast(x1, 0u) * t;
          s2 += quadBroadcast(x2, 0u) * t;
          s3 += quadBroadcast(x3, 0u) * t;
          s4 += quadBroadcast(x4, 0u) * t;
          s5 += quadBroadcast(x5, 0u) * t;
          s6 += quadBroadcast(x6, 0u) * t;
          s7 += quadBroadcast(x7, 0u) * t;
        }
        {
          let t = vec4<f32>(a.y, b.y, c.y, e.y);
          s0 += quadBroadcast(x0, 1u) * t;
          s1 += quadBroadcast(x1, 1u) * t;
          s2 += quadBroadcast(x2, 1u) * t;
          s3 += quadBroadcast(x3, 1u) * t;
          s4 += quadBroadcast(x4, 1u) * t;
          s5 += quadBroadcast(x5, 1u) * t;
          s6 += quadBroadcast(x6, 1u) * t;
          s7 += quadBroadcast(x7, 1u) * t;
        }
        {
          let t = vec4<f32>(a.z, b.z, c.z, e.z);
          s0 += quadBroadcast(x0, 2u) * t;
          s1 += quadBroadcast(x1, 2u) * t;
          s2 += quadBroadcast(x2, 2u) * t;
          s3 += quadBroadcast(x3, 2u) * t;
          s4 += quadBroadcast(x4, 2u) * t;
          s5 += quadBroadcast(x5, 2u) * t;
          s6 += quadBroadcast(x6, 2u) * t;
          s7 += quadBroadcast(x7, 2u) * t;
        }
        {
          let t = vec4<f32>(a.w, b.w, c.w, e.w);
          s0 += quadBroadcast(x0, 3u) * t;
          s1 += quadBroadcast(x1, 3u) * t;
          s2 += quadBroadcast(x2, 3u) * t;
          s3 += quadBroadcast(x3, 3u) * t;
          s4 += quadBroadcast(x4, 3u) * t;
          s5 += quadBroadcast(x5, 3u) * t;
          s6 += quadBroadcast(x6, 3u) * t;
          s7 += quadBroadcast(x7, 3u) * t;
        }
      }
      if (i < count) {
        var scores = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
        var keyBias = vec4<f32>(0.0);
        if (BIAS && !BIAS_QUERY) {
          keyBias = bias4(size, batch, head, query, first + i);
        }
        for (var r = 0u; r < rows; r++) {
          var score = scores[r] * SCALE + keyBias;
          if (BIAS && BIAS_QUERY) {
            score += bias4(size, batch, head, query + r, first + i);
          }
          scores[r] = max(score, vec4<f32>(LOWEST));
        }
        for (var c = 0u; c < min(4u, count - i); c++) {
          tile[2u * (i + c)] = vec4<f32>(scores[0][c], scores[1][c], scores[2][c], scores[3][c]);
          tile[2u * (i + c) + 1u] = vec4<f32>(scores[4][c], scores[5][c], scores[6][c], scores[7][c]);
        }
      }
    }
    workgroupBarrier();

    // 2. Online softmax, a query an invocation.
    for (var r = lane; r < 8u; r += LANES) {
      var top = tops[r];
      for (var i = 0u; i < count; i++) {
        top = max(top, tile[2u * i + r / 4u][r % 4u]);
      }
      let shrink = exp(tops[r] - top);
      var total = totals[r] * shrink;
      for (var i = 0u; i < count; i += 4u) {
        var kept = vec4<f32>(1.0);
        if (DROPOUT > 0.0) {
          kept = keep4(size, stepBlock.seed, stepBlock.step, batch, head, query + r, first + i);
        }
        for (var c = 0u; c < min(4u, count - i); c++) {
          let at = 2u * (i + c) + r / 4u;
          let p = exp(tile[at][r % 4u] - top);
          total += p;
          tile[at][r % 4u] = p * kept[c];
        }
      }
      tops[r] = top;
      totals[r] = total;
      shrinks[r] = shrink;
    }
    workgroupBarrier();

    // 3. Probabilities x values, four columns an invocation. Between tiles the unfinished sums wait in y.
    for (var base = 0u; base < DIM / 4u; base += LANES) {
      let group = base + lane;
      var s0 = vec4<f32>(0.0);
      var s1 = vec4<f32>(0.0);
      var s2 = vec4<f32>(0.0);
      var s3 = vec4<f32>(0.0);
      var s4 = vec4<f32>(0.0);
      var s5 = vec4<f32>(0.0);
      var s6 = vec4<f32>(0.0);
      var s7 = vec4<f32>(0.0);
      var at = tokenAt(batch, size.keys, first, head) + min(group, DIM / 4u - 1u);
      for (var i = 0u; i < count; i++) {
        let low = tile[2u * i][quadLane];
        let high = tile[2u * i + 1u][quadLane];
        let value = v[at];
        s0 += quadBroadcast(low, 0u) * value;
        s1 += quadBroadcast(low, 1u) * value;
        s2 += quadBroadcast(low, 2u) * value;
        s3 += quadBroadcast(low, 3u) * value;
        s4 += quadBroadcast(high, 0u) * value;
        s5 += quadBroadcast(high, 1u) * value;
        s6 += quadBroadcast(high, 2u) * value;
        s7 += quadBroadcast(high, 3u) * value;
        at += HEADS * (DIM / 4u);
      }
      let sums = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
      for (var r = 0u; r < rows && group < DIM / 4u; r++) {
        let to = tokenAt(batch, size.queries, query + r, head) + group;
        var sum = sums[r];
        if (first > 0u) {
          sum += y[to] * shrinks[r];
        }
        if (first + TILE >= size.keys) {
          sum /= totals[r];
        }
        y[to] = sum;
      }
    }
    workgroupBarrier();
  }

  for (var r = lane; r < rows; r += LANES) {
    lse[(batch * HEADS + head) * size.queries + query + r] = tops[r] + log(totals[r]);
  }
}
