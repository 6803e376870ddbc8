// Sums along rows: y[row, part] = scale * sum over the part's stretch of x[row, ...], a workgroup a part.
// x is [rows, length], y [rows, parts]; stretches are `stretch` long, the last maybe shorter. With few long
// rows a second run adds the parts. rows-serial.wgsl is for software adapters and short rows.
override rows: u32 = 1u;
override length: u32 = 1u;
override parts: u32 = 1u;
override stretch: u32 = 1u;
override scale: f32 = 1.0;

//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let item = group.y * groups.x + group.x;
  if (item >= rows * parts) { return; }
  let start = (item / parts) * length;
  let begin = (item % parts) * stretch;
  var sum = 0.0;
  for (var i = begin + lane; i < min(begin + stretch, length); i += workgroupSize) { sum += x[start + i]; }
  let all = workgroupSum(vec2<f32>(sum, 0.0), lane).x;
  if (lane == 0u) { y[item] = scale * all; }
}
