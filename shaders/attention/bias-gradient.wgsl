// Attention's gradient of the additive bias: dS = P (dP - delta), with P = exp(SCALE q k^T + bias - lse) and dP =
// dropout of dy v^T, summed over the batch and the heads where the output has one for all. Probabilities are
// recomputed, as in attention/backward-query; sums run in order, so the result is deterministic.
// An invocation takes four keys of one query. dbias is overwritten.
// Not a module by itself: those that include it declare dy, q, k and v.
//#include "attention/common"

override BATCH: u32 = 1u;
override SUM_BATCH: bool = false;
override SUM_HEADS: bool = false;

@group(0) @binding(4) var<storage, read_write> bias: array<f32>;        // broadcastable to [batch, HEADS, TQ, TK]
@group(0) @binding(5) var<storage, read_write> stats: array<u32>;       // of attention/backward-stats
@group(0) @binding(6) var<storage, read_write> dbias: array<f32>;       // [batch or 1, HEADS or 1, TQ, TK]

@compute @workgroup_size(64, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = Sizes(
    arrayLength(&q) / (BATCH * HEADS * OF_HEAD),
    arrayLength(&k) / (BATCH * HEADS * OF_HEAD),
  );
  let fours = (size.keys + 3u) / 4u;
  let item = (group.y * groups.x + group.x) * 64u + lane;
  let rows = arrayLength(&dbias) / size.keys; // [batch or 1, HEADS or 1, TQ]
  let row = item / fours;
  if (row >= rows) { return; }
  let key = (item % fours) * 4u;
  let query = row % size.queries;
  let place = row / size.queries;
  let ownHeads = select(HEADS, 1u, SUM_HEADS);
  var firstBatch = place / ownHeads;
  var lastBatch = firstBatch + 1u;
  var firstHead = place % ownHeads;
  var lastHead = firstHead + 1u;
  if (SUM_BATCH) { firstBatch = 0u; lastBatch = BATCH; }
  if (SUM_HEADS) { firstHead = 0u; lastHead = HEADS; }

  var sum = vec4<f32>(0.0);
  for (var batch = firstBatch; batch < lastBatch; batch++) {
    for (var head = firstHead; head < lastHead; head++) {
      let at = startOf(batch, size.queries, query, head);
      let k0 = startOf(batch, size.keys, key, head);
      let k1 = startOf(batch, size.keys, min(key + 1u, size.keys - 1u), head);
      let k2 = startOf(batch, size.keys, min(key + 2u, size.keys - 1u), head);
      let k3 = startOf(batch, size.keys, min(key + 3u, size.keys - 1u), head);
      var score = vec4<f32>(0.0);
      var gradient = vec4<f32>(0.0);
      for (var d = 0u; d < FOURS; d++) {
        let x = q4(at, d);
        score += vec4<f32>(dot(x, k4(k0, d)), dot(x, k4(k1, d)), dot(x, k4(k2, d)), dot(x, k4(k3, d)));
        let g = dy4(at, d);
        gradient += vec4<f32>(dot(g, v4(k0, d)), dot(g, v4(k1, d)), dot(g, v4(k2, d)), dot(g, v4(k3, d)));
      }
      let statistics = 2u * ((batch * HEADS + head) * size.queries + query);
      let lse = bitcast<f32>(stats[2u + statistics]);
      let delta = bitcast<f32>(stats[3u + statistics]);
      score *= SCALE;
      if (BIAS) {
        let start = biasRow(size, batch, head, query) + biasColumns(size, key);
        score += vec4<f32>(bias[start.x], bias[start.y], bias[start.z], bias[start.w]);
      }
      if (DROPOUT > 0.0) { gradient *= keep4(size, stats[0], stats[1], batch, head, query, key); }
      sum += exp(max(score, vec4<f32>(LOWEST)) - lse) * (gradient - delta);
    }
  }
  let to = row * size.keys + key;
  for (var i = 0u; i < min(4u, size.keys - key); i++) { dbias[to + i] = sum[i]; }
}
