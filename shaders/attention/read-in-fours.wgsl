// Tokens' heads that are read, bound in fours: four `d` of the head that begins at `start`.
// Not a module by itself: attention kernels include it for each operand, by its name and place.
@group(0) @binding(${at}) var<storage, read_write> ${name}: array<vec4<f32>>; // [batch, tokens, HEADS * DIM]
fn ${name}4(start: u32, d: u32) -> vec4<f32> { return ${name}[start + d]; }
