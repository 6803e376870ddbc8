// Where heads begin, however they are bound.
// Not a module by itself: attention kernels include it.
override FOURS: u32 = (DIM + 3u) / 4u; // of columns of a head

// Index of head `head` of token `token` in [batch, tokens, HEADS * DIM], in the elements that are bound.
fn startOf(batch: u32, tokens: u32, token: u32, head: u32) -> u32 {
  return ((batch * tokens + token) * HEADS + head) * OF_HEAD;
}
