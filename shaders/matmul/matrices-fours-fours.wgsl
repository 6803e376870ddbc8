// matmul/matrices with a read in fours and b in fours.
enable subgroups;
enable chromium_experimental_subgroup_matrix;
//#include "matmul/one-in-fours" name="a" of="A" at="0"
//#include "matmul/one-in-fours" name="b" of="B" at="1"
//#include "matmul/epilogue"
//#include "matmul/matrices"
