// Attention's gradient of the queries, the mathematics and tiling of attention/backward-query; dq is overwritten.
// The form for software adapters with subgroups. There a load of a buffer is a gather with checks, dear to run and
// dear to compile, so: what the four invocations of a quad all need is loaded one value by each and passed
// round by quadBroadcast; and what runs once an item is a loop, not unrolled. All control flow around a
// broadcast is uniform: invocations beyond the end compute on the last entry and store nothing.
enable subgroups;
//#include "attention/common"
//#include "attention/bias"

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;          // [batch, TQ, HEADS * DIM]
@group(0) @binding(1) var<storage, read_write> q: array<f32>;           // [batch, TQ, HEADS * DIM]
@group(0) @binding(2) var<storage, read_write> k: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>;     // [batch, TK, HEADS * DIM]
@group(0) @binding(4) var<storage, read_write> bias: array<f32>;         // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> stats: array<u32>;        // of attention/backward-stats
@group(0) @binding(6) var<storage, read_write> dq: array<vec4<f32>>;     // [batch, TQ, HEADS * DIM]

// dS of a tile: [key][8 queries] as two vec4s.
var<workgroup> tile: array<vec4<f32>, 2u * TILE>;

@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&dq) / (workgroups.z * HEADS * (DIM / 4u)),
    arrayLength(&k) / (workgroups.z * HEADS * (DIM / 4u)),
  );
  let batch = workgroup.z;
  let head = workgroup.y;
  let query = workgroup.x * 8u;
  let quadLane = lane & 3u;
  let rows = min(8u, size.queries - query); // a length no compiler knows, so loops over rows stay loops
  //#include "attention/eight-rows" at="own" scale="4u * " tokens="queries" first="query"

  for (var first = 0u; first < size.keys; first += TILE) {
    let count = min(TILE, size.keys - first);
    for (var base = 0u; base < count; base += 4u * LANES) {
      let i = base + 4u * lane;
      let k0 = tokenAt(batch, size.keys, min(first + i + 0u, size.keys - 1u), head);
      let k1 = tokenAt(batch, size.keys, min(first + i + 1u, size.keys - 1u), head);
      let k2 = tokenAt(batch, size.keys, min(first + i + 2u, size.keys - 1u), head);
      let k3 = tokenAt(batch, size.keys, min(first + i + 3u, size.keys - 1u), head);
      //#include "attention/eight-scores-quad" sums="s" own="q" ownAt="own" streamed="k" streamedAt="k"
      //#include "attention/eight-scores-quad" sums="g" own="dy" ownAt="own" streamed="v" streamedAt="k"
      if (i < count) {
        let scores = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
        var gradients = array<vec4<f32>, 8>(g0, g1, g2, g3, g4, g5, g6, g7);
        for (var r = 0u; r < rows; r++) {
          let row = 2u * ((batch * HEADS + head) * size.queries + min(query + r, size.queries - 1u));
          var score = scores[r] * SCALE;
          if (BIAS) {
            score += bias4(size, batch, head, query + r, first + i);
          }
          let p = exp(max(score, vec4<f32>(LOWEST)) - bitcast<f32>(stats[2u + row]));
          var gradient = gradients[r];
          if (DROPOUT > 0.0) {
            gradient *= keep4(size, stats[0], stats[1], batch, head, query + r, first + i);
          }
          gradients[r] = p * (gradient - bitcast<f32>(stats[3u + row]));
        }
        for (var c = 0u; c < min(4u, count - i); c++) {
          tile[2u * (i + c)] = vec4<f32>(gradients[0][c], gradients[1][c], gradients[2][c], gradients[3][c]);
          tile[2u * (i + c) + 1u] = vec4<f32>(gradients[4][c], gradients[5][c], gradients[6][c], gradients[7][c]);
        }
      }
    }
    workgroupBarrier();

    // dS x keys, four columns an invocation. Between tiles the unfinished sums wait in dq.
    for (var base = 0u; base < DIM / 4u; base += LANES) {
      let group = base + lane;
      //#include "attention/eight-sums-quad" streamed="k" tokens="keys" low="tile[2u * i][quadLane]" high="tile[2u * i + 1u][quadLane]"
      for (var r = 0u; r < rows && group < DIM / 4u; r++) {
        let to = tokenAt(batch, size.queries, query + r, head) + group;
        var sum = sums[r] * SCALE;
        if (first > 0u) {
          sum += dq[to];
        }
        dq[to] = sum;
      }
    }
    workgroupBarrier();
  }
}
