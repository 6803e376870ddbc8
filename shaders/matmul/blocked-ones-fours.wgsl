// matmul/blocked with a read one by one and b in fours.
const FOURS_A = false;
@group(0) @binding(0) var<storage, read_write> a: array<f32>;
fn oneOfA(at: u32) -> f32 { return a[at]; }
fn foursOfA(at: u32) -> vec4<f32> { return vec4<f32>(a[at], a[at + 1u], a[at + 2u], a[at + 3u]); }
const FOURS_B = true; // along the axis whose stride is 1
@group(0) @binding(1) var<storage, read_write> b: array<vec4<f32>>;
fn oneOfB(at: u32) -> f32 { return b[at / 4u][at % 4u]; }
fn foursOfB(at: u32) -> vec4<f32> { return b[at / 4u]; }
//#include "matmul/blocked"
