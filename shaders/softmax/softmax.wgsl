// Softmax over rows of `columns`, a workgroup a row: y = exp(x - max) / sum exp(x - max).
// A row of -inf alone (everything masked) gives zeros, not NaN. softmax-serial.wgsl is for software adapters.
override rows: u32 = 1u;
override columns: u32 = 1u;

//#include "reduce/workgroup"

const LOWEST = -3.4028234663852886e38;

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [rows, columns]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [rows, columns]

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let start = row * columns;

  // Starting at the lowest finite number keeps -inf - max from being NaN.
  var most = LOWEST;
  for (var c = lane; c < columns; c += workgroupSize) { most = max(most, x[start + c]); }
  most = workgroupMax(most, lane);

  var sum = 0.0;
  for (var c = lane; c < columns; c += workgroupSize) { sum += exp(x[start + c] - most); }
  sum = workgroupSum(vec2<f32>(sum, 0.0), lane).x;
  let scale = select(0.0, 1.0 / sum, sum > 0.0);

  for (var c = lane; c < columns; c += workgroupSize) { y[start + c] = exp(x[start + c] - most) * scale; }
}
