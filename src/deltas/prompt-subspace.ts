/**
 * The subspace in which prompts of several tasks lie (Qin et al., 2021): an autoencoder over them, whose encoder is a
 * linear of the prompt's P·width numbers to d, and whose decoder is linear, tanh, linear. It is trained on reconstruction
 * alone, by the mean squared error; the authors add the tasks' own losses, for which their data would be needed.
 *
 * For that error no decoder is better than the best one whose outputs lie in the affine span of the prompts, and all that
 * an encoder sees of a prompt is in it too. So both are trained on the prompts' coordinates in an orthonormal basis of that
 * span, which are few, and written out over the basis in the end. Codes are scaled to a mean square of one a dimension.
 */
import { initialStream } from './streams.ts';

export interface SubspaceOptions {
  /** d */
  dimension: number;
  /** Width inside the decoder. */
  hidden: number;
  seed: number;
}

/** A decoder, row-major: [d, hidden], [hidden], [hidden, P·width], [P·width]. */
export interface PromptSubspace {
  inWeight: Float32Array;
  inBias: Float32Array;
  outWeight: Float32Array;
  outBias: Float32Array;
  /** The mean of the prompts' codes: where a new task starts. */
  start: Float32Array;
}

/** Prompts in an orthonormal basis of their span: x = mean + coordinates·basis. */
export interface PromptSpan {
  mean: Float64Array;
  /** Directions, each as long as a prompt. */
  basis: Float64Array[];
  /** Of each prompt. */
  coordinates: Float64Array[];
}

/** What is left of a prompt beside this share of its length is rounding. */
const LEAST = 1e-5;

/** Gram and Schmidt, each direction taken out twice. @param prompts at least one, of one length */
export function spanOf(prompts: readonly Float32Array[]): PromptSpan {
  const size = prompts[0].length;
  const mean = new Float64Array(size);
  for (const prompt of prompts) prompt.forEach((value, i) => (mean[i] += value / prompts.length));
  const centred = prompts.map((prompt) => Float64Array.from(prompt, (value, i) => value - mean[i]));
  const longest = Math.max(...centred.map(norm));
  const basis: Float64Array[] = [];
  for (const prompt of centred) {
    const rest = Float64Array.from(prompt);
    for (let time = 0; time < 2; time++)
      for (const direction of basis) {
        const along = dot(rest, direction);
        direction.forEach((value, i) => (rest[i] -= along * value));
      }
    const length = norm(rest);
    if (length > LEAST * longest) basis.push(rest.map((value) => value / length));
  }
  const coordinates = centred.map((prompt) =>
    Float64Array.from(basis, (direction) => dot(prompt, direction)),
  );
  return { mean, basis, coordinates };
}

/** Trains the autoencoder. @param span of prompts that span at least `dimension` directions */
export function promptSubspace(
  span: PromptSpan,
  { dimension, hidden, seed }: SubspaceOptions,
): PromptSubspace {
  const { mean, basis, coordinates } = span;
  const directions = basis.length;
  const scale = Math.sqrt(meanSquare(coordinates));
  const data = coordinates.map((row) => row.map((value) => value / scale));
  const weights = startingWeights(directions, dimension, hidden, seed);
  trainAutoencoder(weights, data, TRAINING);
  const codes = data.map((row) => linear(row, weights.encoder, weights.encoderBias));
  const deviations = Array.from({ length: dimension }, (_, i) =>
    Math.sqrt(codes.reduce((sum, code) => sum + code[i] ** 2, 0) / codes.length),
  ).map((one) => (one > 0 ? one : 1));
  const out = new Float32Array(hidden * mean.length);
  for (let unit = 0; unit < hidden; unit++)
    out.set(
      combined(basis, weights.outer.subarray(unit * directions, (unit + 1) * directions), scale),
      unit * mean.length,
    );
  const shift = combined(basis, weights.outerBias, scale);
  return {
    inWeight: Float32Array.from(weights.inner, (value, i) => value * deviations[Math.floor(i / hidden)]),
    inBias: Float32Array.from(weights.innerBias),
    outWeight: out,
    outBias: Float32Array.from(mean, (value, i) => value + shift[i]),
    start: Float32Array.from(
      deviations,
      (deviation, i) => codes.reduce((sum, code) => sum + code[i], 0) / codes.length / deviation,
    ),
  };
}

/** All row-major, [in, out]. */
export interface AutoencoderWeights {
  encoder: Float64Array;
  encoderBias: Float64Array;
  inner: Float64Array;
  innerBias: Float64Array;
  outer: Float64Array;
  outerBias: Float64Array;
}

/** As PyTorch's linears start: U(±1/√in), by seed and name. */
export function startingWeights(
  directions: number,
  dimension: number,
  hidden: number,
  seed: number,
): AutoencoderWeights {
  const uniform = (name: string, inputs: number, count: number): Float64Array => {
    const stream = initialStream(seed, `ipt.${name}`);
    const bound = 1 / Math.sqrt(inputs);
    return Float64Array.from({ length: count }, () => (2 * stream.uniform() - 1) * bound);
  };
  return {
    encoder: uniform('encoder.weight', directions, directions * dimension),
    encoderBias: uniform('encoder.bias', directions, dimension),
    inner: uniform('decoder.0.weight', dimension, dimension * hidden),
    innerBias: uniform('decoder.0.bias', dimension, hidden),
    outer: uniform('decoder.2.weight', hidden, hidden * directions),
    outerBias: uniform('decoder.2.bias', hidden, directions),
  };
}

/** Adam on all prompts at once, at a rate that falls to zero in a straight line. */
export interface AutoencoderTraining {
  steps: number;
  learningRate: number;
}

const TRAINING: AutoencoderTraining = { steps: 600, learningRate: 1e-2 };
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Changes the weights. @returns the mean squared error before each step */
export function trainAutoencoder(
  weights: AutoencoderWeights,
  data: readonly Float64Array[],
  { steps, learningRate }: AutoencoderTraining,
): number[] {
  const parts = Object.keys(weights) as (keyof AutoencoderWeights)[];
  const zeros = () => parts.map((part) => new Float64Array(weights[part].length));
  const [first, second] = [zeros(), zeros()];
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const { loss, gradients } = gradientsOf(weights, data);
    losses.push(loss);
    const rate = learningRate * (1 - (step - 1) / steps);
    const [correct1, correct2] = [1 - BETA1 ** step, 1 - BETA2 ** step];
    for (const [p, part] of parts.entries()) {
      const [values, gradient, m, v] = [weights[part], gradients[part], first[p], second[p]];
      for (let i = 0; i < values.length; i++) {
        m[i] = BETA1 * m[i] + (1 - BETA1) * gradient[i];
        v[i] = BETA2 * v[i] + (1 - BETA2) * gradient[i] ** 2;
        values[i] -= (rate * (m[i] / correct1)) / (Math.sqrt(v[i] / correct2) + EPSILON);
      }
    }
  }
  return losses;
}

function gradientsOf(
  weights: AutoencoderWeights,
  data: readonly Float64Array[],
): { loss: number; gradients: AutoencoderWeights } {
  const gradients = Object.fromEntries(
    Object.entries(weights).map(([part, values]) => [
      part,
      new Float64Array((values as Float64Array).length),
    ]),
  ) as unknown as AutoencoderWeights;
  const count = data.length * data[0].length;
  let loss = 0;
  for (const row of data) {
    const code = linear(row, weights.encoder, weights.encoderBias);
    const units = linear(code, weights.inner, weights.innerBias).map(Math.tanh);
    const output = linear(units, weights.outer, weights.outerBias);
    const above = output.map((value, i) => value - row[i]);
    loss += above.reduce((sum, one) => sum + one * one, 0) / count;
    const outputGradient = above.map((one) => (2 * one) / count);
    const unitGradient = back(units, weights.outer, outputGradient, gradients.outer, gradients.outerBias);
    const innerGradient = unitGradient.map((one, i) => one * (1 - units[i] ** 2));
    const codeGradient = back(code, weights.inner, innerGradient, gradients.inner, gradients.innerBias);
    back(row, weights.encoder, codeGradient, gradients.encoder, gradients.encoderBias);
  }
  return { loss, gradients };
}

/** x·W + b */
function linear(x: Float64Array, weight: Float64Array, bias: Float64Array): Float64Array {
  const out = Float64Array.from(bias);
  x.forEach((value, i) => {
    for (let j = 0; j < out.length; j++) out[j] += value * weight[i * out.length + j];
  });
  return out;
}

/** Adds a linear's gradients to those there are. @returns that of x */
function back(
  x: Float64Array,
  weight: Float64Array,
  gradient: Float64Array,
  toWeight: Float64Array,
  toBias: Float64Array,
): Float64Array {
  gradient.forEach((one, j) => (toBias[j] += one));
  return x.map((value, i) => {
    let sum = 0;
    for (let j = 0; j < gradient.length; j++) {
      toWeight[i * gradient.length + j] += value * gradient[j];
      sum += weight[i * gradient.length + j] * gradient[j];
    }
    return sum;
  });
}

/** scale·Σ factorᵢ·directionᵢ */
function combined(basis: readonly Float64Array[], factors: Float64Array, scale: number): Float64Array {
  const out = new Float64Array(basis[0].length);
  for (const [i, direction] of basis.entries())
    for (let j = 0; j < out.length; j++) out[j] += scale * factors[i] * direction[j];
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

function meanSquare(rows: readonly Float64Array[]): number {
  return rows.reduce((sum, row) => sum + dot(row, row), 0) / (rows.length * rows[0].length);
}
