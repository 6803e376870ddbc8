// Operands of three products of one shape, read one by one; `pair` says which is meant.
// Not a module by itself: joined products include it for each operand, by its name and places.
const FOURS_${of} = false;
@group(0) @binding(${first}) var<storage, read_write> ${name}0: array<f32>;
@group(0) @binding(${second}) var<storage, read_write> ${name}1: array<f32>;
@group(0) @binding(${third}) var<storage, read_write> ${name}2: array<f32>;
fn oneOf${of}(at: u32) -> f32 {
  switch pair {
    case 0u { return ${name}0[at]; }
    case 1u { return ${name}1[at]; }
    default { return ${name}2[at]; }
  }
}
fn foursOf${of}(at: u32) -> vec4<f32> {
  switch pair {
    case 0u { return vec4<f32>(${name}0[at], ${name}0[at + 1u], ${name}0[at + 2u], ${name}0[at + 3u]); }
    case 1u { return vec4<f32>(${name}1[at], ${name}1[at + 1u], ${name}1[at + 2u], ${name}1[at + 3u]); }
    default { return vec4<f32>(${name}2[at], ${name}2[at + 1u], ${name}2[at + 2u], ${name}2[at + 3u]); }
  }
}
