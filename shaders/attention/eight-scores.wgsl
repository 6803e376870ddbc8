// Products of the eight tokens ${ownAt}0 .. ${ownAt}7 of `${own}` with the four ${streamedAt}0 .. ${streamedAt}3 of
// `${streamed}`: ${sums}0 .. ${sums}7, a component each of the four.
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
  let x0 = ${own}[${ownAt}0 + d];
  ${sums}0 += vec4<f32>(dot(x0, a), dot(x0, b), dot(x0, c), dot(x0, e));
  let x1 = ${own}[${ownAt}1 + d];
  ${sums}1 += vec4<f32>(dot(x1, a), dot(x1, b), dot(x1, c), dot(x1, e));
  let x2 = ${own}[${ownAt}2 + d];
  ${sums}2 += vec4<f32>(dot(x2, a), dot(x2, b), dot(x2, c), dot(x2, e));
  let x3 = ${own}[${ownAt}3 + d];
  ${sums}3 += vec4<f32>(dot(x3, a), dot(x3, b), dot(x3, c), dot(x3, e));
  let x4 = ${own}[${ownAt}4 + d];
  ${sums}4 += vec4<f32>(dot(x4, a), dot(x4, b), dot(x4, c), dot(x4, e));
  let x5 = ${own}[${ownAt}5 + d];
  ${sums}5 += vec4<f32>(dot(x5, a), dot(x5, b), dot(x5, c), dot(x5, e));
  let x6 = ${own}[${ownAt}6 + d];
  ${sums}6 += vec4<f32>(dot(x6, a), dot(x6, b), dot(x6, c), dot(x6, e));
  let x7 = ${own}[${ownAt}7 + d];
  ${sums}7 += vec4<f32>(dot(x7, a), dot(x7, b), dot(x7, c), dot(x7, e));
}
