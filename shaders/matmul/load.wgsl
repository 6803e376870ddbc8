// Loads a tile of an operand, DEPTH along K by ${groups} fours of ${along}s: k outermost, so that four ${along}s are one
// vec4, rows of the tile ${stride} apart. Neighbouring invocations read neighbouring addresses, along k where that stride
// is 1, else along ${along}s. What lies outside is zero.
// Not a module by itself: matmul/tiles and matmul/blocked include it for each operand.
var<workgroup> tile${of}: array<vec4<f32>, DEPTH * ${stride}>;

fn load${of}(batch: u32, first${of}: u32, k0: u32, lastK: u32, thread: u32) {
  if (FOURS_${of} && ${of}_K == 1u) {
    for (var item = thread; item < (DEPTH / 4u) * ${groups}; item += THREADS) {
      //#include "matmul/read-block" of="${of}" along="${along}" size="${size}" apart="${apart}" groups="${groups}"
      for (var i = 0u; i < 4u; i++) {
        tile${of}[(depth + i) * ${stride} + group] = block[i];
      }
    }
    return;
  }
  for (var item = thread; item < DEPTH * ${groups}; item += THREADS) {
    //#include "matmul/read-four" of="${of}" along="${along}" size="${size}" apart="${apart}" groups="${groups}"
    tile${of}[depth * ${stride} + group] = four;
  }
}
