// Attention's gradients of keys and values, the mathematics and tiling of attention/backward-key-value; both are
// overwritten, and what is not wanted repeats the other's memory.
// The form for software adapters with subgroups. There a load of a buffer is a gather with checks, dear to run and
// dear to compile, so: what the four invocations of a quad all need is loaded one value by each and passed
// round by quadBroadcast; and what runs once an item is a loop, not unrolled. All control flow around a
// broadcast is uniform: invocations beyond the end compute on the last entry and store nothing.
enable subgroups;
//#include "attention/common"
//#include "attention/bias"

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
  //#include "attention/eight-rows" at="own" scale="4u * " tokens="keys" first="key"

  for (var first = 0u; first < size.queries; first += TILE) {
    let count = min(TILE, size.queries - first);
    for (var base = 0u; base < count; base += 4u * LANES) {
      let i = base + 4u * lane;
      let q0 = tokenAt(batch, size.queries, min(first + i + 0u, size.queries - 1u), head);
      let q1 = tokenAt(batch, size.queries, min(first + i + 1u, size.queries - 1u), head);
      let q2 = tokenAt(batch, size.queries, min(first + i + 2u, size.queries - 1u), head);
      let q3 = tokenAt(batch, size.queries, min(first + i + 3u, size.queries - 1u), head);
      //#include "attention/eight-scores-quad" sums="s" own="k" ownAt="own" streamed="q" streamedAt="q"
      //#include "attention/eight-scores-quad" sums="g" own="v" ownAt="own" streamed="dy" streamedAt="q"
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
        //#include "attention/eight-sums-quad" streamed="dy" tokens="queries" low="kept[2u * i][quadLane]" high="kept[2u * i + 1u][quadLane]"
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
        //#include "attention/eight-sums-quad" streamed="q" tokens="queries" low="tile[2u * i][quadLane]" high="tile[2u * i + 1u][quadLane]"
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
