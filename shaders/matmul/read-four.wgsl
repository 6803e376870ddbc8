// `four`: four ${along}s of an operand at one k, of item `item`, of which there are DEPTH times ${groups}. What lies outside
// is zero.
// Not a module by itself: matmul/load, matmul/fetch and matmul/spread include it.
let depth = select(item / ${groups}, item % DEPTH, ${of}_K == 1u);
let group = select(item % ${groups}, item / DEPTH, ${of}_K == 1u);
let k = k0 + depth;
let ${along} = first${of} + 4u * group;
var four = vec4<f32>(0.0);
if (k < lastK && ${along} < ${size}) {
  let at = batch * ${of}_BATCH + k * ${of}_K + ${along} * ${apart};
  if (FOURS_${of}) {
    four = foursOf${of}(at);
  } else if (${along} + 3u < ${size}) {
    four = vec4<f32>(
      oneOf${of}(at),
      oneOf${of}(at + ${apart}),
      oneOf${of}(at + 2u * ${apart}),
      oneOf${of}(at + 3u * ${apart}),
    );
  } else {
    for (var i = 0u; i < 4u && ${along} + i < ${size}; i++) {
      four[i] = oneOf${of}(at + i * ${apart});
    }
  }
}
