// What invocations that share queries tell one another, through the workgroup's memory.
// Not a module by itself: attention kernels in tiles include it.
struct Invocation {
  @builtin(local_invocation_index) index: u32,
}

fn placeOf(invocation: Invocation) -> u32 {
  return invocation.index;
}

// Of each query the largest of their numbers.
fn largest(numbers: array<f32, QUERIES_EACH>, lane: u32) -> array<f32, QUERIES_EACH> {
  var result = numbers;
  //#include "attention/across" neighbours="1u" start="result[4u * g + i]" merged="max(result[4u * g + i], four[i])"
  return result;
}

// Of each query the sum of their numbers.
fn added(numbers: array<f32, QUERIES_EACH>, lane: u32) -> array<f32, QUERIES_EACH> {
  var result = numbers;
  //#include "attention/across" neighbours="1u" start="0.0" merged="result[4u * g + i] + four[i]"
  return result;
}
