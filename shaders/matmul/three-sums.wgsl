// Of the weights' gradients that matmul/three-outputs ends, those of the biases: the sums of each b's columns.
// Not a module by itself: matmul/three-outputs includes it.
const SUMS = true;

@group(0) @binding(7) var<storage, read_write> sums0: array<f32>; // [N]
@group(0) @binding(8) var<storage, read_write> sums1: array<f32>;
@group(0) @binding(9) var<storage, read_write> sums2: array<f32>;

fn biasOf(column: u32) -> f32 {
  return 0.0;
}

fn storeSums(first: u32, column: u32, sums: vec4<f32>) {
  for (var i = 0u; i < 4u && column + i < N; i++) {
    switch pair {
      case 0u { sums0[column + i] = sums[i]; }
      case 1u { sums1[column + i] = sums[i]; }
      default { sums2[column + i] = sums[i]; }
    }
  }
}
