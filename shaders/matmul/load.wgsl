// Loads a tile of an operand, DEPTH along K by ${groups} fours of ${along}s: k outermost, so that four ${along}s are one
// vec4, rows of the tile ${stride} apart. Neighbouring invocations read neighbouring addresses, along k where that stride
// is 1, else along ${along}s. What lies outside is zero.
// Not a module by itself: matmul/tiles and matmul/blocked include it for each operand.
var<workgroup> tile${of}: array<vec4<f32>, DEPTH * ${stride}>;

fn load${of}(batch: u32, first: u32, k0: u32, lastK: u32, thread: u32) {
  if (FOURS_${of} && ${of}_K == 1u) {
    for (var i = thread; i < (DEPTH / 4u) * ${groups}; i += THREADS) {
      let depth = 4u * (i % (DEPTH / 4u));
      let group = i / (DEPTH / 4u);
      let ${along} = first + 4u * group;
      // Turned in registers and stored whole: invocations that share a vec4 may overwrite each other's parts of it.
      var block = array<vec4<f32>, 4>();
      for (var i = 0u; i < 4u; i++) {
        if (${along} + i < ${size} && k0 + depth < lastK) {
          block[i] = foursOf${of}(batch * ${of}_BATCH + (${along} + i) * ${apart} + k0 + depth);
        }
      }
      for (var i = 0u; i < 4u; i++) {
        tile${of}[(depth + i) * ${stride} + group] = vec4<f32>(block[0][i], block[1][i], block[2][i], block[3][i]);
      }
    }
    return;
  }
  for (var i = thread; i < DEPTH * ${groups}; i += THREADS) {
    let depth = select(i / ${groups}, i % DEPTH, ${of}_K == 1u);
    let group = select(i % ${groups}, i / DEPTH, ${of}_K == 1u);
    let k = k0 + depth;
    let ${along} = first + 4u * group;
    var v = vec4<f32>(0.0);
    if (k < lastK && ${along} < ${size}) {
      let at = batch * ${of}_BATCH + k * ${of}_K + ${along} * ${apart};
      if (FOURS_${of}) {
        v = foursOf${of}(at);
      } else if (${along} + 3u < ${size}) {
        v = vec4<f32>(
          oneOf${of}(at),
          oneOf${of}(at + ${apart}),
          oneOf${of}(at + 2u * ${apart}),
          oneOf${of}(at + 3u * ${apart}),
        );
      } else {
        for (var i = 0u; i < 4u && ${along} + i < ${size}; i++) {
          v[i] = oneOf${of}(at + i * ${apart});
        }
      }
    }
    tile${of}[depth * ${stride} + group] = v;
  }
}
