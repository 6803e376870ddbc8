// Loads a tile of an operand as matmul/load does, into numbers from place `${at}` of `memory` on.
// Not a module by itself: matmul/matrices includes it for each operand.
if (FOURS_${of} && ${of}_K == 1u) {
  for (var item = thread; item < (DEPTH / 4u) * GROUPS; item += THREADS) {
    //#include "matmul/read-block" of="${of}" along="${along}" size="${size}" apart="${apart}" groups="GROUPS"
    for (var k = 0u; k < 4u; k++) {
      for (var i = 0u; i < 4u; i++) {
        memory[${at} + (depth + k) * STRIDE + 4u * group + i] = block[k][i];
      }
    }
  }
} else {
  for (var item = thread; item < DEPTH * GROUPS; item += THREADS) {
    //#include "matmul/read-four" of="${of}" along="${along}" size="${size}" apart="${apart}" groups="GROUPS"
    for (var i = 0u; i < 4u; i++) {
      memory[${at} + depth * STRIDE + 4u * group + i] = four[i];
    }
  }
}
