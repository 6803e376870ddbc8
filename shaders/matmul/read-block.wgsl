// `block`: four fours of an operand that lie along K, turned so that each is four ${along}s at one k; of item `item`, of
// which there are (DEPTH / 4) times ${groups}. What lies outside is zero.
// Not a module by itself: matmul/load, matmul/fetch and matmul/spread include it.
let depth = 4u * (item % (DEPTH / 4u));
let group = item / (DEPTH / 4u);
let ${along} = first${of} + 4u * group;
// Turned in registers and stored whole: invocations that share a vec4 may overwrite each other's parts of it.
var lines = array<vec4<f32>, 4>();
for (var i = 0u; i < 4u; i++) {
  if (${along} + i < ${size} && k0 + depth < lastK) {
    lines[i] = foursOf${of}(batch * ${of}_BATCH + (${along} + i) * ${apart} + k0 + depth);
  }
}
var block = array<vec4<f32>, 4>(
  vec4<f32>(lines[0].x, lines[1].x, lines[2].x, lines[3].x),
  vec4<f32>(lines[0].y, lines[1].y, lines[2].y, lines[3].y),
  vec4<f32>(lines[0].z, lines[1].z, lines[2].z, lines[3].z),
  vec4<f32>(lines[0].w, lines[1].w, lines[2].w, lines[3].w),
);
