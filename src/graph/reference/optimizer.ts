/**
 * Float64 references of the update kernels, each with PyTorch's semantics: `clip_grad_norm_`, `AdamW`
 * (Loshchilov and Hutter, 2019) and `SGD`. Tensors are flat and changed in place.
 */

export interface ReferenceNorm {
  norm: number;
  /** min(1, maxGradNorm / (norm + 1e-6)); 1 without clipping. */
  scale: number;
  finite: boolean;
}

/** Euclidean norm over all gradients together, and the factor that clips it. `maxGradNorm` 0 never clips. */
export function globalNorm(gradients: readonly Float64Array[], maxGradNorm = 0): ReferenceNorm {
  let sum = 0;
  for (const gradient of gradients) for (const g of gradient) sum += g * g;
  const norm = Math.sqrt(sum);
  const scale = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (norm + 1e-6)) : 1;
  return { norm, scale, finite: Number.isFinite(norm) };
}

export interface AdamWStep {
  learningRate: number;
  weightDecay: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** From 1. */
  optimizerStep: number;
}

/** One AdamW update of `parameters`, `firstMoment` and `secondMoment`; nothing when the norm is not finite. */
export function adamW(
  parameters: Float64Array,
  gradients: Float64Array,
  firstMoment: Float64Array,
  secondMoment: Float64Array,
  { scale, finite }: ReferenceNorm,
  { learningRate, weightDecay, beta1, beta2, epsilon, optimizerStep }: AdamWStep,
): void {
  if (!finite) return;
  const correction1 = 1 - beta1 ** optimizerStep;
  const correction2 = 1 - beta2 ** optimizerStep;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradients[i] * scale;
    parameters[i] -= learningRate * weightDecay * parameters[i];
    firstMoment[i] = beta1 * firstMoment[i] + (1 - beta1) * g;
    secondMoment[i] = beta2 * secondMoment[i] + (1 - beta2) * g * g;
    const denominator = Math.sqrt(secondMoment[i]) / Math.sqrt(correction2) + epsilon;
    parameters[i] -= ((learningRate / correction1) * firstMoment[i]) / denominator;
  }
}

export interface SgdStep {
  learningRate: number;
  weightDecay: number;
  momentum: number;
}

/**
 * One SGD update; decay is added to the gradient, as in PyTorch. `velocity` starts at zero, which gives
 * PyTorch's first step (velocity = gradient) since dampening is 0.
 */
export function sgd(
  parameters: Float64Array,
  gradients: Float64Array,
  velocity: Float64Array,
  { scale, finite }: ReferenceNorm,
  { learningRate, weightDecay, momentum }: SgdStep,
): void {
  if (!finite) return;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradients[i] * scale + weightDecay * parameters[i];
    velocity[i] = momentum * velocity[i] + g;
    parameters[i] -= learningRate * velocity[i];
  }
}

/** sum = first ? scale·gradient : sum + scale·gradient. */
export function accumulate(sum: Float64Array, gradients: Float64Array, first: boolean, lossScale = 1): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (first ? 0 : sum[i]) + lossScale * gradients[i];
}
