// The per-step block (src/plan/kernel-call.ts): what changes every step, uploaded with the batch.
// A kernel that needs it binds it as `var<storage, read_write> stepBlock: Step`.
struct Step {
  seed: u32,            // of the run
  step: u32,            // micro-batches so far: the counter of dropout
  optimizerStep: u32,   // updates so far, this one included
  flags: u32,
  learningRate: f32,
  beta1Correction: f32, // 1 - beta1^optimizerStep
  beta2Correction: f32, // 1 - beta2^optimizerStep
  lossScale: f32,       // multiplies gradients when they accumulate
  reserved: array<u32, 8>,
}
