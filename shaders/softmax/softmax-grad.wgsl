// Gradient of softmax from its output, a workgroup a row: dx = y * (dy - sum y * dy). dx is overwritten.
// softmax-grad-serial.wgsl is for software adapters.
override rows: u32 = 1u;
override columns: u32 = 1u;

//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, columns]
@group(0) @binding(1) var<storage, read_write> y: array<f32>;  // [rows, columns]
@group(0) @binding(2) var<storage, read_write> dx: array<f32>; // [rows, columns]

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let start = row * columns;
  var sum = 0.0;
  for (var c = lane; c < columns; c += workgroupSize) { sum += y[start + c] * dy[start + c]; }
  let inner = workgroupSum(vec2<f32>(sum, 0.0), lane).x;
  for (var c = lane; c < columns; c += workgroupSize) {
    dx[start + c] = y[start + c] * (dy[start + c] - inner);
  }
}
