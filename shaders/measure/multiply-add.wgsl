// Multiply-adds out of registers, to learn what an adapter can do at most: eight independent sums of four numbers an
// invocation, so that no sum waits for itself. Each of the `rounds` does 8 * 4 multiply-adds.
// y[i] = what is left of invocation i's sums, so that nothing is left out as unused.
override rounds: u32 = 256u;

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [2]: the factor and what is added
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [invocations]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let a = vec4<f32>(x[0]);
  let b = vec4<f32>(x[1]);
  var s0 = vec4<f32>(f32(id.x));
  var s1 = s0 + 1.0;
  var s2 = s0 + 2.0;
  var s3 = s0 + 3.0;
  var s4 = s0 + 4.0;
  var s5 = s0 + 5.0;
  var s6 = s0 + 6.0;
  var s7 = s0 + 7.0;
  for (var i = 0u; i < rounds; i++) {
    s0 = fma(s0, a, b);
    s1 = fma(s1, a, b);
    s2 = fma(s2, a, b);
    s3 = fma(s3, a, b);
    s4 = fma(s4, a, b);
    s5 = fma(s5, a, b);
    s6 = fma(s6, a, b);
    s7 = fma(s7, a, b);
  }
  let sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  y[id.x] = (sum.x + sum.y) + (sum.z + sum.w);
}
