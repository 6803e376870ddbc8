// Gradients of layer normalisation in gamma and beta, second half: adds the blocks of
// layernorm-param-grad.wgsl. An invocation a column; dgamma and dbeta [columns] are overwritten.
override columns: u32 = 1u;
override blocks: u32 = 1u;

@group(0) @binding(0) var<storage, read_write> gammaBlocks: array<f32>; // [blocks, columns]
@group(0) @binding(1) var<storage, read_write> betaBlocks: array<f32>;  // [blocks, columns]
@group(0) @binding(2) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(3) var<storage, read_write> dbeta: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x;
  if (column >= columns) { return; }
  var sumGamma = 0.0;
  var sumBeta = 0.0;
  for (var block = 0u; block < blocks; block++) {
    sumGamma += gammaBlocks[block * columns + column];
    sumBeta += betaBlocks[block * columns + column];
  }
  dgamma[column] = sumGamma;
  dbeta[column] = sumBeta;
}
