// Statistics of all chunks (chunk-statistics.wgsl) to a row's log sum exp and negative log-likelihood:
//   lse = most + log(sum);  nll = w != 0 ? lse - picked : 0;  weighted = w nll
@group(0) @binding(0) var<storage, read_write> state: array<vec4<f32>>;  // [rows]: most, sum, picked, seen
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;      // [rows], divided by their total
@group(0) @binding(2) var<storage, read_write> nll: array<f32>;          // [rows]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;          // [rows]
@group(0) @binding(4) var<storage, read_write> weighted: array<f32>;     // [rows]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= arrayLength(&state)) { return; }
  let at = state[row];
  let all = at.x + log(at.y);
  let weight = weights[row];
  lse[row] = all;
  nll[row] = select(0.0, all - at.z, weight != 0.0);
  weighted[row] = select(0.0, weight * (all - at.z), weight != 0.0);
}
