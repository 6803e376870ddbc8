// What the attention kernels share: sizes, the additive bias, dropout on probabilities.
//#include "common/philox"

override HEADS: u32 = 2u;
override DIM: u32 = 8u;            // of one head, a multiple of 4
override SCALE: f32 = 1.0;
override BIAS: bool = false;
override BIAS_BATCH: bool = false; // whether the bias differs along each axis, or is broadcast
override BIAS_HEAD: bool = false;
override BIAS_QUERY: bool = false;
override BIAS_KEY: bool = false;
override DROPOUT: f32 = 0.0;       // rate
override STREAM: u32 = 0u;         // Philox stream of the dropout
override LANES: u32 = 8u;          // invocations of a workgroup
override TILE: u32 = 8u;           // scores of one tile along the streamed axis, a multiple of 4

// Below every score; a score of -inf or less counts as this, so differences of scores stay finite.
const LOWEST = -3.0e38;

// Queries and keys of one batch entry. Not constants: kernels read them off the lengths of what is bound, so that
// all sequence lengths share one pipeline.
struct Sizes {
  queries: u32,
  keys: u32,
}

// Where the bias of a query and key 0 stands.
fn biasRow(size: Sizes, batch: u32, head: u32, query: u32) -> u32 {
  var at = select(0u, batch, BIAS_BATCH);
  at = select(at, at * HEADS + head, BIAS_HEAD);
  at = select(at, at * size.queries + min(query, size.queries - 1u), BIAS_QUERY);
  return select(at, at * size.keys, BIAS_KEY);
}

// Where the biases of keys key .. key + 3 stand from there; beyond the last key, the last.
fn biasColumns(size: Sizes, key: u32) -> vec4<u32> {
  let columns = min(vec4<u32>(key, key + 1u, key + 2u, key + 3u), vec4<u32>(size.keys - 1u));
  return select(vec4<u32>(0u), columns, BIAS_KEY);
}

// Index of head `head` of token `token` in [batch, tokens, HEADS * DIM], in vec4s.
fn tokenAt(batch: u32, tokens: u32, token: u32, head: u32) -> u32 {
  return ((batch * tokens + token) * HEADS + head) * (DIM / 4u);
}

// 0 or 1 / (1 - rate) for the probabilities of query `query` and keys key .. key + 3.
fn keep4(size: Sizes, seed: u32, step: u32, batch: u32, head: u32, query: u32, key: u32) -> vec4<f32> {
  let index = ((batch * HEADS + head) * size.queries + query) * size.keys + key;
  var u: vec4<f32>;
  if (size.keys % 4u == 0u) {
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
