// Element i of a row-major array of shape [dim0, .., dim4] lies, in a strided view of it, at
// sum over k of coordinate_k * stride_k. A stride of 0 repeats: broadcasting. Unused dims are 1 and lead;
// all is constant, so what is 1 or 0 costs nothing.
override dim0: u32 = 1u;
override dim1: u32 = 1u;
override dim2: u32 = 1u;
override dim3: u32 = 1u;
override dim4: u32 = 1u;

fn strided(i: u32, s0: u32, s1: u32, s2: u32, s3: u32, s4: u32) -> u32 {
  if (dim0 == 1u && dim1 == 1u && dim2 == 1u && dim3 == 1u) { return i * s4; }
  var rest = i;
  var at = (rest % dim4) * s4;
  rest /= dim4;
  if (dim0 == 1u && dim1 == 1u && dim2 == 1u) { return at + rest * s3; }
  at += (rest % dim3) * s3;
  rest /= dim3;
  if (dim0 == 1u && dim1 == 1u) { return at + rest * s2; }
  at += (rest % dim2) * s2;
  rest /= dim2;
  if (dim0 == 1u) { return at + rest * s1; }
  return at + (rest % dim1) * s1 + (rest / dim1) * s0;
}
