// The sum of two or three products, as of such layers' gradients in their input: matmul/buffered with all operands in fours.
//#include "matmul/three-in-fours" name="a" of="A" first="0" second="1" third="2"
//#include "matmul/three-in-fours" name="b" of="B" first="3" second="4" third="5"
//#include "matmul/summed-output"
//#include "matmul/buffered"
