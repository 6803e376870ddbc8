// Biases of the layers that matmul/three-outputs ends.
// Not a module by itself: matmul/three-outputs includes it.
override BIAS: bool = false;
const SUMS = false;

@group(0) @binding(7) var<storage, read_write> bias0: array<f32>; // [N]
@group(0) @binding(8) var<storage, read_write> bias1: array<f32>;
@group(0) @binding(9) var<storage, read_write> bias2: array<f32>;

fn biasOf(column: u32) -> f32 {
  if (!BIAS) {
    return 0.0;
  }
  switch pair {
    case 0u { return bias0[column]; }
    case 1u { return bias1[column]; }
    default { return bias2[column]; }
  }
}

fn storeSums(first: u32, column: u32, sums: vec4<f32>) {}
