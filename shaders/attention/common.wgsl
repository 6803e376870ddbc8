// What the attention kernels share: sizes, the additive bias, dropout on probabilities.
//#include "common/philox"

override HEADS: u32 = 2u;
override DIM: u32 = 8u;            // of one head, a multiple of 4
override TQ: u32 = 5u;             // queries
override TK: u32 = 5u;             // keys
override SCALE: f32 = 1.0;
override BIAS: bool = false;
override BIAS_BATCH: u32 = 0u;     // strides of the bias in elements; 0 where it is broadcast
override BIAS_HEAD: u32 = 0u;
override BIAS_QUERY: u32 = 0u;
override BIAS_KEY: u32 = 0u;
override DROPOUT: f32 = 0.0;       // rate
override STREAM: u32 = 0u;         // Philox stream of the dropout
override LANES: u32 = 8u;          // invocations of a workgroup
override TILE: u32 = 8u;           // scores of one tile along the streamed axis, a multiple of 4

// Below every score; a score of -inf or less counts as this, so differences of scores stay finite.
const LOWEST = -3.0e38;

// Index of head `head` of token `token` in [batch, tokens, HEADS * DIM], in vec4s.
fn tokenAt(batch: u32, tokens: u32, token: u32, head: u32) -> u32 {
  return ((batch * tokens + token) * HEADS + head) * (DIM / 4u);
}

// 0 or 1 / (1 - rate) for the probabilities of query `query` and keys key .. key + 3.
fn keep4(seed: u32, step: u32, batch: u32, head: u32, query: u32, key: u32) -> vec4<f32> {
  let index = ((batch * HEADS + head) * TQ + query) * TK + key;
  var u: vec4<f32>;
  if (TK % 4u == 0u) {
    u = philoxUniform4(seed, STREAM, step, index / 4u);
  } else {
    u = vec4<f32>(
      philoxUniform(seed, STREAM, step, index),
      philoxUniform(seed, STREAM, step, index + 1u),
      philoxUniform(seed, STREAM, step, index + 2u),
      philoxUniform(seed, STREAM, step, index + 3u),
    );
  }
  return select(vec4<f32>(0.0), vec4<f32>(1.0 / (1.0 - DROPOUT)), u >= vec4<f32>(DROPOUT));
}
