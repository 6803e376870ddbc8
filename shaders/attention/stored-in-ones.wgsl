// Tokens' heads that are written, bound one by one: four `d` of the head that begins at `start`, as far as it goes.
// Not a module by itself: attention kernels include it for each result, by its name and place.
@group(0) @binding(${at}) var<storage, read_write> ${name}: array<f32>; // [batch, tokens, HEADS * DIM]
fn ${as}(start: u32, d: u32, four: vec4<f32>) {
  for (var i = 0u; i < min(4u, DIM - 4u * d); i++) {
    ${name}[start + 4u * d + i] = four[i];
  }
}
