// Which of several products, and which stretch of K, a workgroup sums: told by its place along z. There are batches, or
// products beside one another, or splits of one long sum; not two of these at once.
//#include "matmul/strides"

override PRODUCTS: u32 = 1u;    // of one a, beside one another
override PAIRS: u32 = 1u;       // of a and b, whose products are added up
override SPLITS: u32 = 1u;
override K_PER_SPLIT: u32 = 5u; // a multiple of 32, except for a single split

// Which of several operands or results is meant.
var<private> pair: u32;

struct Part {
  split: u32,
  batch: u32,
  firstK: u32,
  lastK: u32,
}

fn partOf(z: u32) -> Part {
  let split = select(0u, z, SPLITS > 1u);
  pair = select(0u, z, PRODUCTS > 1u);
  let firstK = split * K_PER_SPLIT;
  return Part(split, select(z, 0u, SPLITS > 1u || PRODUCTS > 1u), firstK, min(firstK + K_PER_SPLIT, K));
}
