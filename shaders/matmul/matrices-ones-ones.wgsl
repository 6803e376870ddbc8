// matmul/matrices with a read one by one and b one by one.
enable subgroups;
enable chromium_experimental_subgroup_matrix;
//#include "matmul/one-in-ones" name="a" of="A" at="0"
//#include "matmul/one-in-ones" name="b" of="B" at="1"
//#include "matmul/epilogue"
//#include "matmul/matrices"
