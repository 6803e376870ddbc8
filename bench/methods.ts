/** The methods that are measured, with the options of the product's defaults. */
import type { MethodOptions } from '../src/deltas/registry.ts';
import { LORA_DEFAULTS, PROMPT_DEFAULTS } from '../src/deltas/defaults.ts';
import type { OptimizerSettings } from '../src/plan/optimizer-settings.ts';

export const BENCH_METHODS = ['full', 'lora', 'prompt', 'head'] as const;
export type BenchMethod = (typeof BENCH_METHODS)[number];

export function methodOptions(method: BenchMethod): MethodOptions {
  switch (method) {
    case 'lora':
      return { type: 'lora', ...LORA_DEFAULTS, targets: [...LORA_DEFAULTS.targets] };
    case 'prompt':
      return { type: 'prompt', ...PROMPT_DEFAULTS };
    default:
      return { type: method };
  }
}

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
