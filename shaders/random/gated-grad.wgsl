// Gradients of gated.wgsl: dw = dy z; dalpha = dy w (z - low)(high - z) / (high - low) where 0 < z < 1, and where
// `summed` dopen s (1 - s) with s = sigmoid(alpha). Without it alpha and dopen repeat other operands.
override summed: u32 = 0u;

//#include "random/gate-slope"
//#include "elementwise/items"

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> z: array<f32>;
@group(0) @binding(3) var<storage, read_write> alpha: array<f32>;
@group(0) @binding(4) var<storage, read_write> dopen: array<f32>;
@group(0) @binding(5) var<storage, read_write> dw: array<f32>;
@group(0) @binding(6) var<storage, read_write> dalpha: array<f32>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var k = 0u; k < perThread; k++) {
    let i = itemOf(group, groups, lane, k);
    if (i < count) {
      let v = z[i];
      let d = dy[i];
      var da = throughGate(d * w[i], v);
      if (summed == 1u) {
        let s = 1.0 / (1.0 + exp(-alpha[i]));
        da += dopen[0] * s * (1.0 - s);
      }
      dw[i] = d * v;
      dalpha[i] = da;
    }
  }
}
