/** The methods that are measured, with the options of the product's defaults. */
import type { MethodOptions } from '../deltas/registry.ts';
import { defaultOptions } from '../deltas/catalogue.ts';
import type { OptimizerSettings } from '../plan/optimizer-settings.ts';

export const BENCH_METHODS = ['full', 'lora', 'prompt', 'head'] as const;
export type BenchMethod = (typeof BENCH_METHODS)[number];

/** Of the processor's bench, which has time for more. */
export const PROCESSOR_METHODS = ['full', 'lora', 'adapter', 'bitfit', 'prompt', 'head'] as const;
export type ProcessorMethod = (typeof PROCESSOR_METHODS)[number];

export const methodOptions = (method: ProcessorMethod): MethodOptions => defaultOptions(method);

export const BENCH_OPTIMIZER: OptimizerSettings = {
  type: 'adamw',
  weightDecay: 0,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  maxGradNorm: 1,
  accumulation: 1,
};

/** What all runs of the bench have in common. */
export const BENCH_RUN = { loss: 'crossEntropy', seed: 1, dropout: 0, optimizer: BENCH_OPTIMIZER } as const;
