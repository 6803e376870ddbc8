// Philox4x32-10 (Salmon et al., SC 2011), word for word as in src/graph/philox.ts:
// key = (seed, stream), counter = (index / 4, step, 0, 0), element `index` is word index % 4.

// High word of a 32x32 product; WGSL has no such builtin.
fn philoxMulHigh(a: u32, b: u32) -> u32 {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let middle = aHigh * bLow + ((aLow * bLow) >> 16u);
  let middle2 = aLow * bHigh + (middle & 0xffffu);
  return aHigh * bHigh + (middle >> 16u) + (middle2 >> 16u);
}

// The four words of block `block`: elements 4*block .. 4*block+3 of the stream.
fn philoxBlock(seed: u32, stream: u32, step: u32, block: u32) -> vec4<u32> {
  var counter = vec4<u32>(block, step, 0u, 0u);
  var roundKey = vec2<u32>(seed, stream);
  for (var round = 0u; round < 10u; round++) {
    let high0 = philoxMulHigh(0xd2511f53u, counter.x);
    let low0 = 0xd2511f53u * counter.x;
    let high1 = philoxMulHigh(0xcd9e8d57u, counter.z);
    let low1 = 0xcd9e8d57u * counter.z;
    counter = vec4<u32>(high1 ^ counter.y ^ roundKey.x, low1, high0 ^ counter.w ^ roundKey.y, low0);
    roundKey += vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
  }
  return counter;
}

// Uniforms in [0, 1) with 24 bits, of four consecutive elements.
fn philoxUniform4(seed: u32, stream: u32, step: u32, block: u32) -> vec4<f32> {
  return vec4<f32>(philoxBlock(seed, stream, step, block) >> vec4<u32>(8u)) * (1.0 / 16777216.0);
}

// Uniform in [0, 1) of one element.
fn philoxUniform(seed: u32, stream: u32, step: u32, index: u32) -> f32 {
  return philoxUniform4(seed, stream, step, index / 4u)[index % 4u];
}
