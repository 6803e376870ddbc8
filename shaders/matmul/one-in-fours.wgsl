// An operand of a product, read in fours along the axis whose stride is 1.
// Not a module by itself: a product includes it for each operand, by its name and place.
const FOURS_${of} = true;
@group(0) @binding(${at}) var<storage, read_write> ${name}: array<vec4<f32>>;
fn oneOf${of}(at: u32) -> f32 { return ${name}[at / 4u][at % 4u]; }
fn foursOf${of}(at: u32) -> vec4<f32> { return ${name}[at / 4u]; }
