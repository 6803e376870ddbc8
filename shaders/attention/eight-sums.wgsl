// s0 .. s7: the sum over a tile's tokens of each one's eight numbers times four columns of `${streamed}`.
// Not a module by itself: attention kernels include it.
var s0 = vec4<f32>(0.0);
var s1 = vec4<f32>(0.0);
var s2 = vec4<f32>(0.0);
var s3 = vec4<f32>(0.0);
var s4 = vec4<f32>(0.0);
var s5 = vec4<f32>(0.0);
var s6 = vec4<f32>(0.0);
var s7 = vec4<f32>(0.0);
var at = tokenAt(batch, size.${tokens}, first, head) + d;
for (var i = 0u; i < count; i++) {
  let low = ${tile}[2u * i];
  let high = ${tile}[2u * i + 1u];
  let value = ${streamed}[at];
  s0 += low.x * value;
  s1 += low.y * value;
  s2 += low.z * value;
  s3 += low.w * value;
  s4 += high.x * value;
  s5 += high.y * value;
  s6 += high.z * value;
  s7 += high.w * value;
  at += HEADS * (DIM / 4u);
}
