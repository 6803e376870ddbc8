// What the attention kernels in tiles share. A workgroup takes QUERIES queries and KEYS keys of one head at a time; an
// invocation QUERIES_EACH of the queries, QUERY_LANES apart, and FOURS_EACH fours of the keys, KEY_LANES apart. What all
// read lies in the workgroup's memory: first heads of the queries and keys, DEPTH fours of columns at a time, and then, in
// the same memory, what the scores became, PART of the streamed tokens at a time, and SPAN of these tokens' heads.
// Not a module by itself: attention kernels include it.
override QUERY_LANES: u32 = 8u; // invocations of a workgroup along queries
override KEY_LANES: u32 = 16u;  // and along keys; LANES is their product
override DEPTH: u32 = 8u;
override PART: u32 = 64u;       // a multiple of SPAN
override SPAN: u32 = 16u;       // a multiple of 4
const QUERIES_EACH: u32 = 4u;   // a multiple of 4
const FOURS_EACH: u32 = 1u;
const COLUMNS_EACH: u32 = 1u;   // fours of columns of the result of an invocation

override QUERIES: u32 = QUERIES_EACH * QUERY_LANES;
override KEYS: u32 = 4u * FOURS_EACH * KEY_LANES;
// Odd numbers of fours a row, so that neighbours that read down a column do not meet in one bank.
override STRIDE: u32 = DEPTH | 1u;
