// Tokens' heads that are read, bound one by one: four `d` of the head that begins at `start`, zeros beyond its end.
// Not a module by itself: attention kernels include it for each operand, by its name and place.
@group(0) @binding(${at}) var<storage, read_write> ${name}: array<f32>; // [batch, tokens, HEADS * DIM]
fn ${name}4(start: u32, d: u32) -> vec4<f32> {
  var four = vec4<f32>(0.0);
  for (var i = 0u; i < min(4u, DIM - 4u * d); i++) {
    four[i] = ${name}[start + 4u * d + i];
  }
  return four;
}
