// Operands of three products of one shape, read in fours along the axis whose stride is 1; `pair` says which is meant.
// Not a module by itself: joined products include it for each operand, by its name and places.
const FOURS_${of} = true;
@group(0) @binding(${first}) var<storage, read_write> ${name}0: array<vec4<f32>>;
@group(0) @binding(${second}) var<storage, read_write> ${name}1: array<vec4<f32>>;
@group(0) @binding(${third}) var<storage, read_write> ${name}2: array<vec4<f32>>;
fn oneOf${of}(at: u32) -> f32 {
  switch pair {
    case 0u { return ${name}0[at / 4u][at % 4u]; }
    case 1u { return ${name}1[at / 4u][at % 4u]; }
    default { return ${name}2[at / 4u][at % 4u]; }
  }
}
fn foursOf${of}(at: u32) -> vec4<f32> {
  switch pair {
    case 0u { return ${name}0[at / 4u]; }
    case 1u { return ${name}1[at / 4u]; }
    default { return ${name}2[at / 4u]; }
  }
}
