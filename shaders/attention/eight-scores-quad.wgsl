// attention/eight-scores on quads: each invocation of one loads a component of the eight tokens and passes it round.
// Not a module by itself: attention kernels include it.
var ${sums}0 = vec4<f32>(0.0);
var ${sums}1 = vec4<f32>(0.0);
var ${sums}2 = vec4<f32>(0.0);
var ${sums}3 = vec4<f32>(0.0);
var ${sums}4 = vec4<f32>(0.0);
var ${sums}5 = vec4<f32>(0.0);
var ${sums}6 = vec4<f32>(0.0);
var ${sums}7 = vec4<f32>(0.0);
for (var d = 0u; d < DIM / 4u; d++) {
  let a = ${streamed}[${streamedAt}0 + d];
  let b = ${streamed}[${streamedAt}1 + d];
  let c = ${streamed}[${streamedAt}2 + d];
  let e = ${streamed}[${streamedAt}3 + d];
  let at = 4u * d + quadLane;
  let x0 = ${own}[${ownAt}0 + at];
  let x1 = ${own}[${ownAt}1 + at];
  let x2 = ${own}[${ownAt}2 + at];
  let x3 = ${own}[${ownAt}3 + at];
  let x4 = ${own}[${ownAt}4 + at];
  let x5 = ${own}[${ownAt}5 + at];
  let x6 = ${own}[${ownAt}6 + at];
  let x7 = ${own}[${ownAt}7 + at];
  {
    let t = vec4<f32>(a.x, b.x, c.x, e.x);
    ${sums}0 += quadBroadcast(x0, 0u) * t;
    ${sums}1 += quadBroadcast(x1, 0u) * t;
    ${sums}2 += quadBroadcast(x2, 0u) * t;
    ${sums}3 += quadBroadcast(x3, 0u) * t;
    ${sums}4 += quadBroadcast(x4, 0u) * t;
    ${sums}5 += quadBroadcast(x5, 0u) * t;
    ${sums}6 += quadBroadcast(x6, 0u) * t;
    ${sums}7 += quadBroadcast(x7, 0u) * t;
  }
  {
    let t = vec4<f32>(a.y, b.y, c.y, e.y);
    ${sums}0 += quadBroadcast(x0, 1u) * t;
    ${sums}1 += quadBroadcast(x1, 1u) * t;
    ${sums}2 += quadBroadcast(x2, 1u) * t;
    ${sums}3 += quadBroadcast(x3, 1u) * t;
    ${sums}4 += quadBroadcast(x4, 1u) * t;
    ${sums}5 += quadBroadcast(x5, 1u) * t;
    ${sums}6 += quadBroadcast(x6, 1u) * t;
    ${sums}7 += quadBroadcast(x7, 1u) * t;
  }
  {
    let t = vec4<f32>(a.z, b.z, c.z, e.z);
    ${sums}0 += quadBroadcast(x0, 2u) * t;
    ${sums}1 += quadBroadcast(x1, 2u) * t;
    ${sums}2 += quadBroadcast(x2, 2u) * t;
    ${sums}3 += quadBroadcast(x3, 2u) * t;
    ${sums}4 += quadBroadcast(x4, 2u) * t;
    ${sums}5 += quadBroadcast(x5, 2u) * t;
    ${sums}6 += quadBroadcast(x6, 2u) * t;
    ${sums}7 += quadBroadcast(x7, 2u) * t;
  }
  {
    let t = vec4<f32>(a.w, b.w, c.w, e.w);
    ${sums}0 += quadBroadcast(x0, 3u) * t;
    ${sums}1 += quadBroadcast(x1, 3u) * t;
    ${sums}2 += quadBroadcast(x2, 3u) * t;
    ${sums}3 += quadBroadcast(x3, 3u) * t;
    ${sums}4 += quadBroadcast(x4, 3u) * t;
    ${sums}5 += quadBroadcast(x5, 3u) * t;
    ${sums}6 += quadBroadcast(x6, 3u) * t;
    ${sums}7 += quadBroadcast(x7, 3u) * t;
  }
}
