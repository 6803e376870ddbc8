// The gradient of cross-entropy for one chunk of columns, in place of the chunk's logits, a workgroup a row:
//   z <- w (exp(z - lse) - onehot(label))
// `seen` counts a row's columns over the chunks, so that all chunks of one width share a pipeline. Rows of weight 0
// are padding, whose label may be anything. chunk-gradient-serial.wgsl is for software adapters.
override columns: u32 = 1u;   // of this chunk
override first: bool = true;  // starts the count
override workgroupSize: u32 = 64u;

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;   // [rows, columns]
@group(0) @binding(1) var<storage, read_write> labels: array<i32>;   // [rows]
@group(0) @binding(2) var<storage, read_write> weights: array<f32>;  // [rows], divided by their total
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;      // [rows]
@group(0) @binding(4) var<storage, read_write> seen: array<u32>;     // [rows]

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= arrayLength(&seen)) { return; }
  let start = row * columns;
  var before = 0u;
  if (!first) { before = seen[row]; }
  storageBarrier();
  let label = labels[row] - i32(before);
  let weight = weights[row];
  for (var c = lane; c < columns; c += workgroupSize) {
    var d = 0.0;
    if (weight != 0.0) { d = weight * (exp(logits[start + c] - lse[row]) - select(0.0, 1.0, i32(c) == label)); }
    logits[start + c] = d;
  }
  if (lane == 0u) { seen[row] = before + columns; }
}
