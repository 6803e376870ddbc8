// An operand of a product, read one by one.
// Not a module by itself: a product includes it for each operand, by its name and place.
const FOURS_${of} = false;
@group(0) @binding(${at}) var<storage, read_write> ${name}: array<f32>;
fn oneOf${of}(at: u32) -> f32 { return ${name}[at]; }
fn foursOf${of}(at: u32) -> vec4<f32> { return vec4<f32>(${name}[at], ${name}[at + 1u], ${name}[at + 2u], ${name}[at + 3u]); }
