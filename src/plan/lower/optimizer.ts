/**
 * The update kernels: global norm and clipping, AdamW, SGD, accumulation over micro-batches. They work on
 * packed buffers (flat f32) that the caller names; there is one call set a buffer, whatever is packed in it.
 *
 * The `norm` value is four f32: [norm, scale, finite, 0]. `scale` is min(1, maxGradNorm/(norm + 1e-6)), over what the
 * loss was multiplied by;
 * a non-finite norm sets finite to 0 and the update kernels then change nothing.
 */
import type { AdapterProfile, KernelCall, Operand } from '../kernel-call.ts';
import { overItems, read, scratch, update, widthOf, write } from './support.ts';

/** Bytes of the `norm` value. */
export const NORM_BYTES = 16;

/** A packed buffer by its value name. */
export interface Packed {
  value: string;
  /** Number of floats. */
  elements: number;
}

export interface GlobalNormOptions {
  gradients: readonly Packed[];
  norm: string;
  /** 0 or absent: the norm is measured but nothing is clipped. */
  maxGradNorm?: number;
  /** What the gradients were multiplied by; the norm's scale takes it out again. */
  lossScale?: number;
}

const STEP: Operand = { step: true, access: 'read' };

/** How many partial sums one buffer gets: few enough to add up at once, each over few enough elements. */
function partialsOf(elements: number, adapter: AdapterProfile): number {
  const [most, each] = adapter.software ? [1024, 256] : [16384, 32];
  return Math.min(most, Math.max(64, Math.ceil(elements / (64 * each)) * 64));
}

/** Partial square sums a buffer, then one small dispatch that finishes the norm. */
export function globalNorm(options: GlobalNormOptions, adapter: AdapterProfile): KernelCall[] {
  const counts = options.gradients.map(({ elements }) => partialsOf(elements, adapter));
  const total = counts.reduce((sum, n) => sum + n, 0);
  let offset = 0;
  const calls = options.gradients.map(({ value, elements }, index): KernelCall => {
    const { entry, width } = widthOf(elements);
    const call: KernelCall = {
      shader: 'optimizer/norm-partial',
      entry,
      constants: { count: elements / width, partials: counts[index], offset },
      operands: [read(value), scratch('partials', total, index ? 'readwrite' : 'write')],
      workgroups: [counts[index] / 64, 1, 1],
    };
    offset += counts[index];
    return call;
  });
  return [
    ...calls,
    {
      shader: 'optimizer/norm-finish',
      entry: 'main',
      constants: {
        workgroupSize: adapter.software ? 4 : 256,
        partials: total,
        maxGradNorm: options.maxGradNorm ?? 0,
        unscale: 1 / (options.lossScale ?? 1),
      },
      operands: [scratch('partials', total, 'read'), write(options.norm)],
      workgroups: [1, 1, 1],
    },
  ];
}

export interface AdamWOptions {
  parameters: string;
  gradients: string;
  firstMoment: string;
  secondMoment: string;
  /** Written by `globalNorm`. */
  norm: string;
  elements: number;
  weightDecay: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Multiplies the step block's learning rate, for groups with a rate of their own. */
  learningRateScale?: number;
}

/** One AdamW update of a packed buffer. Learning rate and bias corrections come from the step block. */
export function adamW(options: AdamWOptions, adapter: AdapterProfile): KernelCall[] {
  const { entry, width } = widthOf(options.elements);
  const { constants, workgroups } = overItems(options.elements / width, adapter);
  return [
    {
      shader: 'optimizer/adamw',
      entry,
      constants: {
        ...constants,
        weightDecay: options.weightDecay,
        beta1: options.beta1,
        oneMinusBeta1: 1 - options.beta1,
        beta2: options.beta2,
        oneMinusBeta2: 1 - options.beta2,
        epsilon: options.epsilon,
        learningRateScale: options.learningRateScale ?? 1,
      },
      operands: [
        update(options.parameters),
        read(options.gradients),
        update(options.firstMoment),
        update(options.secondMoment),
        read(options.norm),
        STEP,
      ],
      workgroups,
    },
  ];
}

export interface SgdOptions {
  parameters: string;
  gradients: string;
  /** The momentum buffer, zero at the start. */
  velocity: string;
  norm: string;
  elements: number;
  weightDecay: number;
  momentum: number;
  learningRateScale?: number;
}

/** One SGD update of a packed buffer, with momentum and L2 decay as PyTorch's `SGD`. */
export function sgd(options: SgdOptions, adapter: AdapterProfile): KernelCall[] {
  const { entry, width } = widthOf(options.elements);
  const { constants, workgroups } = overItems(options.elements / width, adapter);
  return [
    {
      shader: 'optimizer/sgd',
      entry,
      constants: {
        ...constants,
        weightDecay: options.weightDecay,
        momentum: options.momentum,
        learningRateScale: options.learningRateScale ?? 1,
      },
      operands: [
        update(options.parameters),
        read(options.gradients),
        update(options.velocity),
        read(options.norm),
        STEP,
      ],
      workgroups,
    },
  ];
}

export interface AccumulateOptions {
  sum: string;
  gradients: string;
  elements: number;
}

/**
 * sum = first ? lossScale·gradients : sum + lossScale·gradients, where `first` is bit 0 of the step
 * block's flags; after it `sum` takes the gradients' place in `globalNorm` and the update.
 */
export function accumulate(options: AccumulateOptions, adapter: AdapterProfile): KernelCall[] {
  const { entry, width } = widthOf(options.elements);
  const { constants, workgroups } = overItems(options.elements / width, adapter);
  return [
    {
      shader: 'optimizer/accumulate',
      entry,
      constants,
      operands: [update(options.sum), read(options.gradients), STEP],
      workgroups,
    },
  ];
}
