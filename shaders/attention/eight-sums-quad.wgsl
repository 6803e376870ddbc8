// attention/eight-sums on quads; those beyond the last column compute it too.
// Not a module by itself: attention kernels include it.
var s0 = vec4<f32>(0.0);
var s1 = vec4<f32>(0.0);
var s2 = vec4<f32>(0.0);
var s3 = vec4<f32>(0.0);
var s4 = vec4<f32>(0.0);
var s5 = vec4<f32>(0.0);
var s6 = vec4<f32>(0.0);
var s7 = vec4<f32>(0.0);
var at = tokenAt(batch, size.${tokens}, first, head) + min(group, DIM / 4u - 1u);
for (var i = 0u; i < count; i++) {
  let low = ${low};
  let high = ${high};
  let value = ${streamed}[at];
  s0 += quadBroadcast(low, 0u) * value;
  s1 += quadBroadcast(low, 1u) * value;
  s2 += quadBroadcast(low, 2u) * value;
  s3 += quadBroadcast(low, 3u) * value;
  s4 += quadBroadcast(high, 0u) * value;
  s5 += quadBroadcast(high, 1u) * value;
  s6 += quadBroadcast(high, 2u) * value;
  s7 += quadBroadcast(high, 3u) * value;
  at += HEADS * (DIM / 4u);
}
let sums = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
