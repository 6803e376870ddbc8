// matmul/blocked with a read in fours and b one by one.
const FOURS_A = true; // along the axis whose stride is 1
@group(0) @binding(0) var<storage, read_write> a: array<vec4<f32>>;
fn oneOfA(at: u32) -> f32 { return a[at / 4u][at % 4u]; }
fn foursOfA(at: u32) -> vec4<f32> { return a[at / 4u]; }
const FOURS_B = false;
@group(0) @binding(1) var<storage, read_write> b: array<f32>;
fn oneOfB(at: u32) -> f32 { return b[at]; }
fn foursOfB(at: u32) -> vec4<f32> { return vec4<f32>(b[at], b[at + 1u], b[at + 2u], b[at + 3u]); }
//#include "matmul/blocked"
