// A block of the Fastfood projection in workgroup memory: the Walsh-Hadamard transform, and the numbers of G.
override block: u32 = 64u;   // numbers of a block, a power of two
override chunks: u32 = 1u;
override threads: u32 = 32u; // invocations of a workgroup

//#include "common/philox"

var<workgroup> values: array<f32, block>;

// In place and without a factor; every invocation sees the result. `size` is the block's, as a number that no compiler
// knows: it would unroll every step.
fn transform(lane: u32, size: u32) {
  for (var half = 1u; half < size; half *= 2u) {
    workgroupBarrier();
    for (var pair = lane; pair < size / 2u; pair += threads) {
      let i = 2u * half * (pair / half) + pair % half;
      let a = values[i];
      let b = values[i + half];
      values[i] = a + b;
      values[i + half] = a - b;
    }
  }
  workgroupBarrier();
}

// The bytes of elements 16 run .. 16 run + 15 of chunk j of block k, of the seed and stream of a key.
fn bytesOf(seed: i32, stream: i32, k: u32, j: u32, run: u32) -> vec4<u32> {
  return philoxBlock(bitcast<u32>(seed), bitcast<u32>(stream), 0u, ((k * chunks + j) * block) / 16u + run);
}
