/** Options of every method for the tiny models of tests/oracle. */
import type { MethodType } from '../../src/deltas/defaults.ts';

/** Options that make a method small, or let it fit a model of two layers and width 32. */
export const SMALL_OPTIONS: Readonly<Partial<Record<MethodType, Record<string, unknown>>>> = {
  lora: { rank: 2, alpha: 4 },
  vera: { rank: 4 },
  adalora: { initialRank: 3, rank: 2, warmupSteps: 1, finalSteps: 1 },
  loha: { rank: 2 },
  lokr: { rank: 2 },
  said: { dimension: 40, byLayer: true },
  prompt: { virtualTokens: 2 },
  ptuning: { virtualTokens: 2 },
  multitaskPrompt: { virtualTokens: 2, rank: 2 },
  ipt: { decoderHiddenSize: 4 },
  prefix: { virtualTokens: 2 },
  adapter: { bottleneck: 4 },
  compacter: { reduction: 4, kroneckerFactors: 2 },
  mam: { virtualTokens: 2, reduction: 4, encoderHiddenSize: 4 },
  // Over the two adapters that are trained first.
  fusion: { adapters: ['first', 'second/adapter'] },
  diffPruning: { sparsity: 0.05, fixedMaskSteps: 2 },
  selective: { budget: 0.5 },
};
