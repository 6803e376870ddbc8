// What invocations that share queries tell one another: within NEIGHBOURS of them by shuffles, and where more share
// queries through the workgroup's memory. WGSL does not say which invocations make a subgroup, so places are given out
// here, to whole subgroups, one after the other.
// Not a module by itself: attention kernels in tiles include it.
override NEIGHBOURS: u32 = 4u; // a power of two, at most KEY_LANES and the smallest subgroup

struct Invocation {
  @builtin(subgroup_invocation_id) index: u32,
  @builtin(subgroup_size) neighbours: u32,
}

var<workgroup> taken: atomic<u32>;

fn placeOf(invocation: Invocation) -> u32 {
  var first = 0u;
  if (subgroupElect()) {
    first = atomicAdd(&taken, invocation.neighbours);
  }
  return subgroupBroadcastFirst(first) + invocation.index;
}

// Of each query the largest of their numbers.
fn largest(numbers: array<f32, QUERIES_EACH>, lane: u32) -> array<f32, QUERIES_EACH> {
  var result = numbers;
  for (var apart = 1u; apart < NEIGHBOURS; apart *= 2u) {
    for (var r = 0u; r < QUERIES_EACH; r++) {
      result[r] = max(result[r], subgroupShuffleXor(result[r], apart));
    }
  }
  if (NEIGHBOURS < KEY_LANES) {
    //#include "attention/across" neighbours="NEIGHBOURS" start="result[4u * g + i]" merged="max(result[4u * g + i], four[i])"
  }
  return result;
}

// Of each query the sum of their numbers.
fn added(numbers: array<f32, QUERIES_EACH>, lane: u32) -> array<f32, QUERIES_EACH> {
  var result = numbers;
  for (var apart = 1u; apart < NEIGHBOURS; apart *= 2u) {
    for (var r = 0u; r < QUERIES_EACH; r++) {
      result[r] += subgroupShuffleXor(result[r], apart);
    }
  }
  if (NEIGHBOURS < KEY_LANES) {
    //#include "attention/across" neighbours="NEIGHBOURS" start="0.0" merged="result[4u * g + i] + four[i]"
  }
  return result;
}
