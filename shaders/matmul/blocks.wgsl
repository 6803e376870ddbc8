// Sizes of the blocks of matmul/blocked and matmul/buffered.
// Not a module by itself: these include it.
override THREADS_X: u32 = 8u;  // invocations of a workgroup along N
override THREADS_Y: u32 = 8u;  // and along M
override DEPTH: u32 = 16u;     // of a tile along K, a multiple of 4
const ROWS: u32 = 8u;          // of an invocation, a multiple of 4
const FOURS: u32 = 2u;         // of columns of an invocation

override GROUPS_M: u32 = (ROWS / 4u) * THREADS_Y; // fours of a tile's rows
override GROUPS_N: u32 = FOURS * THREADS_X;       // and columns
override THREADS: u32 = THREADS_X * THREADS_Y;
// One four more a row than there are, so that stores down a column do not meet in one bank.
override STRIDE_A: u32 = GROUPS_M + 1u;
override STRIDE_B: u32 = GROUPS_N + 1u;
