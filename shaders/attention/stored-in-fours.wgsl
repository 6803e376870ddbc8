// Tokens' heads that are written, bound in fours: four `d` of the head that begins at `start`.
// Not a module by itself: attention kernels include it for each result, by its name and place.
@group(0) @binding(${at}) var<storage, read_write> ${name}: array<vec4<f32>>; // [batch, tokens, HEADS * DIM]
fn ${as}(start: u32, d: u32, four: vec4<f32>) { ${name}[start + d] = four; }
