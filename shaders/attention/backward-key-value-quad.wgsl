// Attention's gradients of keys and values, the mathematics and tiling of attention/backward-key-value; both are
// overwritten, and what is not wanted repeats the other's memory.
// The form for software adapters with subgroups. There a load of a buffer is a gather with checks, dear to run and
// dear to compile, so: what the four invocations of a quad all need is loaded one value by each and passed
// round by quadBroadcast; and what runs once an item is a loop, not unrolled. All control flow around a
// broadcast is uniform: invocations beyond the end compute on the last entry and store nothing.
enable subgroups;
//#include "attention/common"

@group(0) @binding(0) var<storage, read_write> dy: array<vec4<f32>>;    // [batch, TQ, HEADS * DIM]
@group(0) @binding(1) var<storage, read_write> q: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]
@group(0) @binding(2) var<storage, read_write> k: array<f32>;           // [batch, TK, HEADS * DIM]
@group(0) @binding(3) var<storage, read_write> v: array<f32>;           // [batch, TK, HEADS * DIM]
@group(0) @binding(4) var<storage, read_write> bias: array<f32>;         // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> stats: array<u32>;        // of attention/backward-stats
@group(0) @binding(6) var<storage, read_write> dk: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(7) var<storage, read_write> dv: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]

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

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&q) / (workgroups.z * HEADS * (DIM / 4u)),
    arrayLength(&dk) / (workgroups.z * HEADS * (DIM / 4u)),
  );
  let batch = workgroup.z;
  let head = workgroup.y;
  let key = workgroup.x * 8u;
  let quadLane = lane & 3u;
  let rows = min(8u, size.keys - key); // a length no compiler knows, so loops over rows stay loops
  let own0 = 4u * tokenAt(batch, size.keys, min(key + 0u, size.keys - 1u), head);
  let own1 = 4u * tokenAt(batch, size.keys, min(key + 1u, size.keys - 1u), head);
  let own2 = 4u * tokenAt(batch, size.keys, min(key + 2u, size.keys - 1u), head);
  let own3 = 4u * tokenAt(batch, size.keys, min(key + 3u, size.keys - 1u), head);
  let own4 = 4u * tokenAt(batch, size.keys, min(key + 4u, size.keys - 1u), head);
  let own5 = 4u * tokenAt(batch, size.keys, min(key + 5u, size.keys - 1u), head);
  let own6 = 4u * tokenAt(batch, size.keys, min(key + 6u, size.keys - 1u), head);
  let own7 = 4u * tokenAt(batch, size.keys, min(key + 7u, size.keys - 1u), head);

  for (var first = 0u; first < size.queries; first += TILE) {
    let count = min(TILE, size.queries - first);
    for (var base = 0u; base < count; base += 4u * LANES) {
      let i = base + 4u * lane;
      let q0 = tokenAt(batch, size.queries, min(first + i + 0u, size.queries - 1u), head);
      let q1 = tokenAt(batch, size.queries, min(first + i + 1u, size.queries - 1u), head);
      let q2 = tokenAt(batch, size.queries, min(first + i + 2u, size.queries - 1u), head);
      let q3 = tokenAt(batch, size.queries, min(first + i + 3u, size.queries - 1u), head);
      var s0 = vec4<f32>(0.0);
      var g0 = vec4<f32>(0.0);
      var s1 = vec4<f32>(0.0);
      var g1 = vec4<f32>(0.0);
      var s2 = vec4<f32>(0.0);
      var g2 = vec4<f32>(0.0);
      var s3 = vec4<f32>(0.0);
      var g3 = vec4<f32>(0.0);
      var s4 = vec4<f32>(0.0);
      var g4 = vec4<f32>(0.0);
      var s5 = vec4<f32>(0.0);
      var g5 = vec4<f32>(0.0);
      var s6 = vec4<f32>(0.0);
      var g6 = vec4<f32>(0.0);
      var s7 = vec4<f32>(0.0);
      var g7 = vec4<f32>(0.0);
      for (var d = 0u; d < DIM / 4u; d++) {
        let a = q[q0 + d];
        let b = q[q1 + d];
        let c = q[q2 + d];
        let e = q[q3 + d];
        let at = 4u * d + quadLane;
        let x0 = k[own0 + at];
        let x1 = k[own1 + at];
        let x2 = k[own2 + at];
        let x3 = k[own3 + at];
        let x4 = k[own4 + at];
        let x5 = k[own5 + at];
        let x6 = k[own6 + at];
        let x7 = k[own7 + at];
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
      for (var d = 0u; d < DIM / 4u; d++) {
        let a = dy[q0 + d];
        let b = dy[q1 + d];
        let c = dy[q2 + d];
        let e = dy[q3 + d];
        let at = 4u * d + quadLane;
        let x0 = v[own0 + at];
        let x1 = v[own1 + at];
        let x2 = v[own2 + at];
        let x3 = v[own3 + at];
        let x4 = v[own4 + at];
        let x5 = v[own5 + at];
        let x6 = v[own6 + at];
        let x7 = v[own7 + at];
        {
          let t = vec4<f32>(a.x, b.x, c.x, e.x);
          g0 += quadBroadcast(x0, 0u) * t;
          g1 += quadBroadcast(x1, 0u) * t;
          g2 += quadBroadcast(x2, 0u) * t;
          g3 += quadBroadcast(x3, 0u) * t;
          g4 += quadBroadcast(x4, 0u) * t;
          g5 += quadBroadcast(x5, 0u) * t;
          g6 += quadBroadcast(x6, 0u) * t;
          g7 += quadBroadcast(x7, 0u) * t;
        }
        {
          let t = vec4<f32>(a.y, b.y, c.y, e.y);
          g0 += quadBroadcast(x0, 1u) * t;
          g1 += quadBroadcast(x1, 1u) * t;
          g2 += quadBroadcast(x2, 1u) * t;
          g3 += quadBroadcast(x3, 1u) * t;
          g4 += quadBroadcast(x4, 1u) * t;
          g5 += quadBroadcast(x5, 1u) * t;
          g6 += quadBroadcast(x6, 1u) * t;
          g7 += quadBroadcast(x7, 1u) * t;
        }
        {
          let t = vec4<f32>(a.z, b.z, c.z, e.z);
          g0 += quadBroadcast(x0, 2u) * t;
          g1 += quadBroadcast(x1, 2u) * t;
          g2 += quadBroadcast(x2, 2u) * t;
          g3 += quadBroadcast(x3, 2u) * t;
          g4 += quadBroadcast(x4, 2u) * t;
          g5 += quadBroadcast(x5, 2u) * t;
          g6 += quadBroadcast(x6, 2u) * t;
          g7 += quadBroadcast(x7, 2u) * t;
        }
        {
          let t = vec4<f32>(a.w, b.w, c.w, e.w);
          g0 += quadBroadcast(x0, 3u) * t;
          g1 += quadBroadcast(x1, 3u) * t;
          g2 += quadBroadcast(x2, 3u) * t;
          g3 += quadBroadcast(x3, 3u) * t;
          g4 += quadBroadcast(x4, 3u) * t;
          g5 += quadBroadcast(x5, 3u) * t;
          g6 += quadBroadcast(x6, 3u) * t;
          g7 += quadBroadcast(x7, 3u) * t;
        }
      }
      if (i < count) {
        let scores = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
        let gradients = array<vec4<f32>, 8>(g0, g1, g2, g3, g4, g5, g6, g7);
        for (var part = 0u; part < 2u * min(4u, count - i); part++) {
          // One query and four keys.
          let c = part / 2u;
          let half = part % 2u;
          let query = first + i + c;
          let row = 2u * ((batch * HEADS + head) * size.queries + query);
          let r = 4u * half;
          var score = SCALE * vec4<f32>(scores[r][c], scores[r + 1u][c], scores[r + 2u][c], scores[r + 3u][c]);
          if (BIAS) {
            score += bias4(size, batch, head, query, key + r);
          }
          let p = exp(max(score, vec4<f32>(LOWEST)) - bitcast<f32>(stats[2u + row]));
          let dp = vec4<f32>(gradients[r][c], gradients[r + 1u][c], gradients[r + 2u][c], gradients[r + 3u][c]);
          var keep = vec4<f32>(1.0);
          if (DROPOUT > 0.0) {
            keep = keep4(size, stats[0], stats[1], batch, head, query, key + r);
          }
          kept[2u * (i + c) + half] = p * keep;
          tile[2u * (i + c) + half] = p * (dp * keep - bitcast<f32>(stats[3u + row]));
        }
      }
    }
    workgroupBarrier();

    // Four columns an invocation. Between tiles the unfinished sums wait in dv and dk.
    if (WANT_VALUE) {
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
        var at = tokenAt(batch, size.queries, first, head) + min(group, DIM / 4u - 1u);
        for (var i = 0u; i < count; i++) {
          let low = kept[2u * i][quadLane];
          let high = kept[2u * i + 1u][quadLane];
          let value = dy[at];
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
          let to = tokenAt(batch, size.keys, key + r, head) + group;
          var sum = sums[r];
          if (first > 0u) {
            sum += dv[to];
          }
          dv[to] = sum;
        }
      }
    }
    if (WANT_KEY) {
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
        var at = tokenAt(batch, size.queries, first, head) + min(group, DIM / 4u - 1u);
        for (var i = 0u; i < count; i++) {
          let low = tile[2u * i][quadLane];
          let high = tile[2u * i + 1u][quadLane];
          let value = q[at];
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
          let to = tokenAt(batch, size.keys, key + r, head) + group;
          var sum = sums[r] * SCALE;
          if (first > 0u) {
            sum += dk[to];
          }
          dk[to] = sum;
        }
      }
    }
    workgroupBarrier();
  }
}
