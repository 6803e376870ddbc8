// Sums and maxima over the invocations of a workgroup, by halving in workgroup memory.
// workgroupSize is a power of two; call from uniform control flow, every invocation gets the result.
override workgroupSize: u32 = 64u;

var<workgroup> reduction: array<vec2<f32>, workgroupSize>;

// Two sums at once.
fn workgroupSum(value: vec2<f32>, lane: u32) -> vec2<f32> {
  reduction[lane] = value;
  workgroupBarrier();
  for (var span = workgroupSize / 2u; span > 0u; span >>= 1u) {
    if (lane < span) { reduction[lane] += reduction[lane + span]; }
    workgroupBarrier();
  }
  let result = reduction[0];
  workgroupBarrier(); // before the memory is used again
  return result;
}

fn workgroupMax(value: f32, lane: u32) -> f32 {
  reduction[lane] = vec2<f32>(value);
  workgroupBarrier();
  for (var span = workgroupSize / 2u; span > 0u; span >>= 1u) {
    if (lane < span) { reduction[lane] = max(reduction[lane], reduction[lane + span]); }
    workgroupBarrier();
  }
  let result = reduction[0].x;
  workgroupBarrier();
  return result;
}
