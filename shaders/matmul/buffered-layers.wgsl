// Two or three linear layers of one input at once (queries, keys and values): matmul/buffered with all operands in fours.
//#include "matmul/one-in-fours" name="a" of="A" at="0"
//#include "matmul/three-in-fours" name="b" of="B" first="1" second="2" third="3"
//#include "matmul/three-outputs"
//#include "matmul/three-biases"
//#include "matmul/buffered"
