// The tile of an invocation: 8 rows by 4 columns, in named vec4 accumulators.
// Not a module by itself: the quad products begin with it.
@compute @workgroup_size(LANES, 1, 1)
fn main(
  @builtin(workgroup_id) tile: vec3<u32>,
  @builtin(num_workgroups) tiles: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
) {
  let count = rowCount(tiles.z);
  let batch = tile.z;
  let row = tile.y * 8u;
  let group = tile.x * LANES + local.x;  // of four columns
  let quadLane = local.x & 3u;
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var s4 = vec4<f32>(0.0);
  var s5 = vec4<f32>(0.0);
  var s6 = vec4<f32>(0.0);
  var s7 = vec4<f32>(0.0);
