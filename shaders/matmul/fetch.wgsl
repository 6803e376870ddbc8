// Reads a tile of an operand into registers, the part of it that is an invocation's, as matmul/load lays it out.
// Not a module by itself: matmul/buffered includes it for each operand.
if (FOURS_${of} && ${of}_K == 1u) {
  for (var turn = 0u; turn < FETCHES_${of} / 4u; turn++) {
    let item = thread + turn * THREADS;
    if (item < (DEPTH / 4u) * ${groups}) {
      //#include "matmul/read-block" of="${of}" along="${along}" size="${size}" apart="${apart}" groups="${groups}"
      for (var i = 0u; i < 4u; i++) {
        fetched${of}[4u * turn + i] = block[i];
      }
    }
  }
} else {
  for (var turn = 0u; turn < FETCHES_${of}; turn++) {
    let item = thread + turn * THREADS;
    if (item < DEPTH * ${groups}) {
      //#include "matmul/read-four" of="${of}" along="${along}" size="${size}" apart="${apart}" groups="${groups}"
      fetched${of}[turn] = four;
    }
  }
}
