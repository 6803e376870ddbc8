// What the binary kernels share: the operation, and where a and b lie as strided views of y's shape.
// kind 0 a + b, 1 a - b, 2 a * b, 3 a / b.
override kind: u32 = 0u;
override a0: u32 = 0u;
override a1: u32 = 0u;
override a2: u32 = 0u;
override a3: u32 = 0u;
override a4: u32 = 1u;
override b0: u32 = 0u;
override b1: u32 = 0u;
override b2: u32 = 0u;
override b3: u32 = 0u;
override b4: u32 = 1u;

//#include "layout/strides"

fn apply(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  switch kind {
    case 0u: { return a + b; }
    case 1u: { return a - b; }
    case 2u: { return a * b; }
    default: { return a / b; }
  }
}

fn placeA(i: u32) -> u32 { return strided(i, a0, a1, a2, a3, a4); }
fn placeB(i: u32) -> u32 { return strided(i, b0, b1, b2, b3, b4); }
