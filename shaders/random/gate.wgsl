// Hard-concrete gates (Louizos et al., 2018): z = clip(s (high - low) + low, 0, 1), s = sigmoid(alpha + noise), where
// noise = ln u / (1 - u) of the uniform u of the element's word of the Philox stream, held between 1e-4 and 1 - 1e-4
// (Guo et al., 2021). Without `noisy` there is none.
// Not a module by itself: those that include it declare `stepBlock`.
override low: f32 = -1.5;
override high: f32 = 1.5;
override noisy: u32 = 1u;
override stream: u32 = 0u;

//#include "common/step"
//#include "common/philox"

// Of the four elements of a Philox block.
fn gateNoise(block: u32) -> vec4<f32> {
  if (noisy == 0u) { return vec4<f32>(0.0); }
  let u = clamp(
    philoxUniform4(stepBlock.seed, stream, stepBlock.step, block),
    vec4<f32>(1e-4), vec4<f32>(0.9999));
  return log(u) - log(1.0 - u);
}

fn gateOf(logit: f32) -> f32 {
  let s = 1.0 / (1.0 + exp(-logit));
  return clamp(s * (high - low) + low, 0.0, 1.0);
}
