// Attention forward, the mathematics, bindings and tiling of attention/forward.
// The form for software adapters with subgroups. There a load of a buffer is a gather with checks, dear to run and
// dear to compile, so: what the four invocations of a quad all need is loaded one value by each and passed
// round by quadBroadcast; and what runs once an item is a loop, not unrolled. All control flow around a
// broadcast is uniform: invocations beyond the end compute on the last entry and store nothing.
enable subgroups;
//#include "common/step"
//#include "attention/common"
//#include "attention/bias"

@group(0) @binding(0) var<storage, read_write> q: array<f32>;           // [batch, TQ, HEADS * DIM]
@group(0) @binding(1) var<storage, read_write> k: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(2) var<storage, read_write> v: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(3) var<storage, read_write> bias: array<f32>;        // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>;         // [batch, HEADS, TQ]
@group(0) @binding(6) var<storage, read_write> stepBlock: Step;

// Scores, then probabilities, of a tile: [key][8 queries]. No fours: of one query each belongs to another invocation.
var<workgroup> tile: array<f32, 8u * TILE>;
// Of the 8 queries: maximum so far, sum so far, exp(old maximum - new).
var<workgroup> tops: array<f32, 8>;
var<workgroup> totals: array<f32, 8>;
var<workgroup> shrinks: array<f32, 8>;

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
  //#include "attention/eight-rows" at="own" scale="4u * " tokens="queries" first="query"
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
      //#include "attention/eight-scores-quad" sums="s" own="q" ownAt="own" streamed="k" streamedAt="k"
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
          let at = 8u * (i + c);
          tile[at + 0u] = scores[0][c];
          tile[at + 1u] = scores[1][c];
          tile[at + 2u] = scores[2][c];
          tile[at + 3u] = scores[3][c];
          tile[at + 4u] = scores[4][c];
          tile[at + 5u] = scores[5][c];
          tile[at + 6u] = scores[6][c];
          tile[at + 7u] = scores[7][c];
        }
      }
    }
    workgroupBarrier();

    // 2. Online softmax, a query an invocation.
    for (var r = lane; r < 8u; r += LANES) {
      var top = tops[r];
      for (var i = 0u; i < count; i++) {
        top = max(top, tile[8u * i + r]);
      }
      let shrink = exp(tops[r] - top);
      var total = totals[r] * shrink;
      for (var i = 0u; i < count; i += 4u) {
        var kept = vec4<f32>(1.0);
        if (DROPOUT > 0.0) {
          kept = keep4(size, stepBlock.seed, stepBlock.step, batch, head, query + r, first + i);
        }
        for (var c = 0u; c < min(4u, count - i); c++) {
          let at = 8u * (i + c) + r;
          let p = exp(tile[at] - top);
          total += p;
          tile[at] = p * kept[c];
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
      //#include "attention/eight-sums-quad" low="tile[8u * i + quadLane]" high="tile[8u * i + 4u + quadLane]" streamed="v" tokens="keys"
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
