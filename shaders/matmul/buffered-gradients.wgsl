// The gradients of such layers' weights and biases at once: matmul/buffered with all operands in fours.
//#include "matmul/one-in-fours" name="a" of="A" at="0"
//#include "matmul/three-in-fours" name="b" of="B" first="1" second="2" third="3"
//#include "matmul/three-outputs"
//#include "matmul/three-sums"
//#include "matmul/buffered"
