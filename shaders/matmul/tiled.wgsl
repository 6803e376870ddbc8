// y[i, j] = finish(sum_k a[i, k] b[k, j]) for GPUs, any sizes and any transposition: see matmul/tiles.
//#include "matmul/one-in-ones" name="a" of="A" at="0"
//#include "matmul/one-in-ones" name="b" of="B" at="1"
//#include "matmul/epilogue"
//#include "matmul/tiles"
