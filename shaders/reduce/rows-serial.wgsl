// Sums along rows as in rows.wgsl, an invocation a part. Two entries: one by one, or in fours (then `length`
// and `stretch` count fours).
override rows: u32 = 1u;
override length: u32 = 1u;
override parts: u32 = 1u;
override stretch: u32 = 1u;
override scale: f32 = 1.0;

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(0) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(32)
fn narrow(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 32u + lane;
  if (item >= rows * parts) { return; }
  let start = (item / parts) * length;
  let begin = (item % parts) * stretch;
  var sum = 0.0;
  for (var i = begin; i < min(begin + stretch, length); i++) { sum += x[start + i]; }
  y[item] = scale * sum;
}

@compute @workgroup_size(32)
fn wide(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 32u + lane;
  if (item >= rows * parts) { return; }
  let start = (item / parts) * length;
  let begin = (item % parts) * stretch;
  var sum = vec4<f32>(0.0);
  for (var i = begin; i < min(begin + stretch, length); i++) { sum += x4[start + i]; }
  y[item] = scale * ((sum.x + sum.y) + (sum.z + sum.w));
}
