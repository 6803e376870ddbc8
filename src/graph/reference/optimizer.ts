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

export interface AdafactorStep {
  /** The rate of the step, relative or given. */
  learningRate: number;
  weightDecay: number;
  scaleParameter: boolean;
  clipThreshold: number;
  decayRate: number;
  beta1?: number;
  epsilon: readonly [number, number];
  /** From 1. */
  optimizerStep: number;
}

/** Second moments of a tensor: [rows, columns] of a matrix, [all] of a vector; then the first, where wanted. */
export type AdafactorState = Float64Array[];

/**
 * One Adafactor update (Shazeer and Stern, 2018), with the semantics of Hugging Face's `Adafactor`.
 * @param columns length of the last axis of a matrix; absent for a vector
 */
export function adafactor(
  parameters: Float64Array,
  gradients: Float64Array,
  state: AdafactorState,
  { scale, finite }: ReferenceNorm,
  step: AdafactorStep,
  columns?: number,
): void {
  if (!finite) return;
  const { beta1, epsilon, optimizerStep, decayRate } = step;
  const n = parameters.length;
  const rms = (values: Float64Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / n);
  const rate = step.learningRate * (step.scaleParameter ? Math.max(epsilon[1], rms(parameters)) : 1);
  const fresh = optimizerStep ** decayRate;
  const g = gradients.map((value) => value * scale);
  const average = (moment: Float64Array, i: number, value: number): void => {
    moment[i] = (1 - fresh) * moment[i] + fresh * value;
  };
  let update: Float64Array;
  if (columns === undefined) {
    g.forEach((value, i) => average(state[0], i, value * value + epsilon[0]));
    update = g.map((value, i) => value / Math.sqrt(state[0][i]));
  } else {
    const rows = n / columns;
    const [rowMoment, columnMoment] = state;
    const sums = [new Float64Array(rows), new Float64Array(columns)];
    g.forEach((value, i) => {
      sums[0][Math.floor(i / columns)] += value * value + epsilon[0];
      sums[1][i % columns] += value * value + epsilon[0];
    });
    sums[0].forEach((sum, r) => average(rowMoment, r, sum / columns));
    sums[1].forEach((sum, c) => average(columnMoment, c, sum / rows));
    const mean = rowMoment.reduce((sum, v) => sum + v, 0) / rows;
    update = g.map((value, i) => {
      const row = Math.sqrt(mean / rowMoment[Math.floor(i / columns)]);
      return (value * row) / Math.sqrt(columnMoment[i % columns]);
    });
  }
  const clipped = Math.max(1, rms(update) / step.clipThreshold);
  const first = beta1 === undefined ? undefined : state.at(-1);
  for (let i = 0; i < n; i++) {
    let change = (update[i] / clipped) * rate;
    if (first && beta1 !== undefined) change = first[i] = beta1 * first[i] + (1 - beta1) * change;
    parameters[i] -= rate * step.weightDecay * parameters[i] + change;
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
