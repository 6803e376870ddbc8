// One chunk of columns of the logits goes into the running statistics of its rows, a workgroup a row:
//   most = max so far, sum = sum exp(z - most), picked = the label's logit once it has come by, seen = columns so far
// after which log sum exp z = most + log(sum), without the logits of all columns ever being in memory (Milakov and
// Gimelshein, 2018, the online softmax). chunk-statistics-serial.wgsl is for software adapters.
override columns: u32 = 1u;    // of this chunk
override first: bool = true;   // starts the statistics

//#include "reduce/workgroup"

const LOWEST = -3.4028234663852886e38;

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;       // [rows, columns]
@group(0) @binding(1) var<storage, read_write> labels: array<i32>;       // [rows]
@group(0) @binding(2) var<storage, read_write> state: array<vec4<f32>>;  // [rows]

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= arrayLength(&state)) { return; }
  let start = row * columns;
  var before = vec4<f32>(LOWEST, 0.0, 0.0, 0.0);
  if (!first) { before = state[row]; }
  var most = before.x;
  for (var c = lane; c < columns; c += workgroupSize) { most = max(most, logits[start + c]); }
  most = workgroupMax(most, lane);
  var sum = 0.0;
  for (var c = lane; c < columns; c += workgroupSize) { sum += exp(logits[start + c] - most); }
  sum = workgroupSum(vec2<f32>(sum, 0.0), lane).x + before.y * exp(before.x - most);
  if (lane == 0u) {
    let at = labels[row] - i32(before.w);
    var picked = before.z;
    if (at >= 0 && at < i32(columns)) { picked = logits[start + u32(at)]; }
    state[row] = vec4<f32>(most, sum, picked, before.w + f32(columns));
  }
}
