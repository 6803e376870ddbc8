// The first step of attention's backward pass: per query, what the other kernels need.
//   stats[0 .. 1]           seed and step of the dropout, so that they need no binding of their own
//   stats[2 + 2r], [3 + 2r] of row r = (batch, head, query): bits of lse and of delta = sum_d dy y
// Not a module by itself: those that include it declare dy and y.
//#include "common/step"
//#include "attention/common"

override BATCH: u32 = 1u;

@group(0) @binding(2) var<storage, read_write> lse: array<f32>;         // [batch, HEADS, TQ]: ROWS
@group(0) @binding(3) var<storage, read_write> stepBlock: Step;
@group(0) @binding(4) var<storage, read_write> stats: array<u32>;       // [2 + 2 ROWS]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * 65535u + group.x) * 64u + lane;
  let rows = arrayLength(&lse); // not a constant, so that all lengths share one pipeline
  if (row >= rows) {
    return;
  }
  if (row == 0u) {
    stats[0] = stepBlock.seed;
    stats[1] = stepBlock.step;
  }
  let queries = rows / (BATCH * HEADS);
  let query = row % queries;
  let head = (row / queries) % HEADS;
  let batch = row / (queries * HEADS);
  let start = startOf(batch, queries, query, head);
  var delta = 0.0;
  for (var d = 0u; d < FOURS; d++) {
    delta += dot(dy4(start, d), y4(start, d));
  }
  stats[2u + 2u * row] = bitcast<u32>(lse[row]);
  stats[3u + 2u * row] = bitcast<u32>(delta);
}
