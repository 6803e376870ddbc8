// What the Adafactor kernels share: gradients as clipped, and beta2 of this step.
//   1 - beta2(t) = t^decayRate stands in the step block as its beta2Correction.
//#include "common/step"

override epsilon1: f32 = 1e-30; // added to squared gradients

// The moving average of this step.
fn averaged(before: f32, value: f32, fresh: f32) -> f32 {
  return (1.0 - fresh) * before + fresh * value;
}
