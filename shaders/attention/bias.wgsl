// The bias of query `query` at keys key .. key + 3.
// Not a module by itself: attention kernels include it.
fn bias4(size: Sizes, batch: u32, head: u32, query: u32, key: u32) -> vec4<f32> {
  let at = biasRow(size, batch, head, query) + biasColumns(size, key);
  return vec4<f32>(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}
