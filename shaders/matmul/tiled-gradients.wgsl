// The gradients of such layers' weights and biases at once: matmul/tiles.
//#include "matmul/one-in-ones" name="a" of="A" at="0"
//#include "matmul/three-in-ones" name="b" of="B" first="1" second="2" third="3"
//#include "matmul/three-outputs"
//#include "matmul/three-sums"
//#include "matmul/tiles"
