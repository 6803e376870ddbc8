// Adafactor's update of one vector (or scalar), whose second moment is not factored, all in one workgroup:
//   v = beta2 v + (1 - beta2) (g^2 + eps1);  u = g / sqrt(v);  u = u / max(1, rms(u) / clipThreshold) * rate
// with rate as in adafactor-finish.wgsl and the rest as in adafactor-apply.wgsl.
override scaleParameter: bool = true;
override epsilon2: f32 = 1e-3;
override clipThreshold: f32 = 1.0;
override weightDecay: f32 = 0.0;
override learningRateScale: f32 = 1.0;
override firstMoment: bool = false;
override beta1: f32 = 0.0;
override oneMinusBeta1: f32 = 1.0;

//#include "common/adafactor"
//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradients: array<f32>;
@group(0) @binding(2) var<storage, read_write> moment: array<f32>;
@group(0) @binding(3) var<storage, read_write> first: array<f32>; // without: repeats parameters
@group(0) @binding(4) var<storage, read_write> norm: array<f32>;  // [norm, scale, finite, 0]
@group(0) @binding(5) var<storage, read_write> stepBlock: Step;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) lane: u32) {
  let finite = norm[2] != 0.0;
  let count = arrayLength(&moment);
  var sums = vec2<f32>(0.0);
  for (var i = lane; i < count; i += workgroupSize) {
    let g = gradients[i] * norm[1];
    let v = averaged(moment[i], g * g + epsilon1, stepBlock.beta2Correction);
    if (finite) { moment[i] = v; }
    sums += vec2<f32>(parameters[i] * parameters[i], g * g / v);
  }
  sums = workgroupSum(sums, lane);
  if (!finite) { return; }
  var rate = stepBlock.learningRate * learningRateScale;
  if (scaleParameter) { rate *= max(epsilon2, sqrt(sums.x / f32(count))); }
  let factor = rate / max(1.0, sqrt(sums.y / f32(count)) / clipThreshold);
  for (var i = lane; i < count; i += workgroupSize) {
    var update = gradients[i] * norm[1] * inverseSqrt(moment[i]) * factor;
    if (firstMoment) {
      update = beta1 * first[i] + oneMinusBeta1 * update;
      first[i] = update;
    }
    let p = parameters[i];
    parameters[i] = p - rate * weightDecay * p - update;
  }
}
