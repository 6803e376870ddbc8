/**
 * Defaults of the methods: what an omitted option means. Learning rates are starting values that did well
 * on the built-in BERT (4 layers, width 128) with AdamW, batches of 16 to 32 and around a hundred steps
 * (bench/NOTES.md); a small model wants more than the 5e-5 that is usual for full fine-tuning of a large one.
 */
import type { AdapterActivation } from './adapter-options.ts';
import type { AdapterPlacement } from './adapter.ts';

export const DEFAULT_LEARNING_RATES = {
  full: 5e-4,
  /** The two factors start small (one at zero), so their product needs larger steps. */
  lora: 5e-3,
  /** Two vectors a linear: 5e-3 and 2e-2 learned, 5e-2 did not (bench/NOTES.md). */
  vera: 1e-2,
  adalora: 1e-2,
  loha: 1e-2,
  lokr: 5e-3,
  /** A step moves every weight of the model: 3e-3 and more learned nothing (bench/NOTES.md). */
  said: 1e-3,
  /** A few rows must move far: Lester et al. use 0.3 with Adafactor, OpenDelta 3e-2 with AdamW. */
  prompt: 2e-2,
  /** Rows come out of an encoder, whose weights take ordinary steps. */
  ptuning: 3e-3,
  /** The best of four, as of a prompt by itself (bench/NOTES.md). */
  multitaskPrompt: 2e-2,
  /** Codes have a mean square of one: 1e-2 and 3e-2 learned, 1e-1 did not (bench/NOTES.md). */
  ipt: 1e-2,
  /** P-tuning v2 uses 5e-3 to 1e-2 for flat prefixes. */
  prefix: 2e-2,
  adapter: 5e-3,
  /** Factors of factors: the paper's rate is ten times that of adapters. */
  compacter: 1e-2,
  /** The best of three (bench/NOTES.md). */
  mam: 5e-3,
  /** The best of three, by loss too (bench/NOTES.md). */
  unipelt: 1e-2,
  /** Pfeiffer et al. train fusions at half the rate of their adapters. */
  fusion: 2.5e-3,
  bitfit: 8e-3,
  layernorm: 5e-3,
  /** Vectors around one: Liu et al. use 3e-3 with Adafactor at constant rate. */
  ia3: 3e-2,
  lastLayer: 3e-3,
  selective: 2e-3,
  /** Few entries must do what many would. */
  sparse: 5e-3,
  /** Scores move across a threshold; the authors use 1e-4 to 5e-3. */
  mask: 2e-3,
  diffPruning: 5e-4,
  head: 2e-3,
} as const;

export type MethodType = keyof typeof DEFAULT_LEARNING_RATES;

export const METHOD_TYPES = Object.keys(DEFAULT_LEARNING_RATES) as readonly MethodType[];

/** LoRA as in its paper's GLUE runs: rank 8, alpha 16, on the query and value projections. */
export const LORA_DEFAULTS = {
  rank: 8,
  alpha: 16,
  dropout: 0,
  targets: ['q', 'v'],
  rankStabilized: false,
  dora: false,
  initialization: 'default',
  bias: 'none',
} as const;

/** PEFT's numbers, on the projections that LoRA's paper chose. */
export const VERA_DEFAULTS = { rank: 256, targets: ['q', 'v'], initialScale: 0.1, projectionKey: 0 } as const;

/** PEFT's numbers. */
export const ADALORA_DEFAULTS = {
  initialRank: 12,
  rank: 8,
  alpha: 8,
  targets: ['q', 'v'],
  warmupSteps: 0,
  finalSteps: 0,
  interval: 1,
  orthogonality: 0.5,
} as const;

/** PEFT's numbers. */
export const LOHA_DEFAULTS = { rank: 8, alpha: 8, targets: ['q', 'v'] } as const;

/** PEFT's numbers. */
export const LOKR_DEFAULTS = {
  rank: 8,
  alpha: 8,
  targets: ['q', 'v'],
  factor: -1,
  decomposeBoth: false,
} as const;

/** About the dimension at which BERT-base reaches nine tenths of full fine-tuning (Aghajanyan et al., table 1). */
export const SAID_DEFAULTS = { dimension: 1000, byLayer: false, projectionKey: 0 } as const;

/** Rows sampled from the vocabulary start where the model knows its way; N(0, 1) rows are far off. */
export const PROMPT_DEFAULTS = { virtualTokens: 20, initialization: 'vocab' } as const;

/** PEFT's encoder, with as many tokens as prompt tuning has here. */
export const PTUNING_DEFAULTS = {
  virtualTokens: 20,
  encoderReparameterizationType: 'mlp',
  encoderLayers: 2,
  encoderDropout: 0,
} as const;

/** PEFT's rank and start; as many tokens as prompt tuning has here. */
export const MULTITASK_PROMPT_DEFAULTS = {
  virtualTokens: 20,
  rank: 1,
  initialization: 'random',
  sourceTask: 0,
} as const;

/** A few prompts need no more inside the decoder; the authors, who have a hundred tasks, take 768. */
export const IPT_DEFAULTS = { decoderHiddenSize: 64 } as const;

/** The study's five positions; zeros, since N(0, 1) keys are far from real ones. */
export const PREFIX_DEFAULTS = { virtualTokens: 5, initialization: 'zero', projection: false } as const;

/** The study's: 64 wide, SiLU, after attention and after feed-forward. */
export const ADAPTER_DEFAULTS: {
  bottleneck: number;
  activation: AdapterActivation;
  placement: AdapterPlacement;
  learnedScale: boolean;
} = { bottleneck: 64, activation: 'silu', placement: 'both', learnedScale: false };

/** The paper's and AdapterHub's. */
export const COMPACTER_DEFAULTS = { reduction: 32, kroneckerFactors: 4, placement: 'both' } as const;

/** The paper's 30 positions and half the width. */
export const MAM_DEFAULTS = { virtualTokens: 30, reduction: 2 } as const;

/** The paper's and AdapterHub's. */
export const UNIPELT_DEFAULTS = { virtualTokens: 10, reduction: 16, rank: 8 } as const;

/** AdapterHub's weight of the penalty. */
export const FUSION_DEFAULTS = { penalty: 0.01 } as const;

/** PEFT's choice on BERT: its suffix `output.dense` names both `o` and `ffn.out`. */
export const IA3_DEFAULTS = { targets: ['k', 'v', 'o', 'ffn.out'] } as const;

/** PEFT's choice on T5: its `wo` names `ffn.out` alone. */
export const IA3_TEXT_TO_TEXT_TARGETS = ['k', 'v', 'ffn.out'] as const;

export const LAST_LAYER_DEFAULTS = { layers: 1 } as const;

/** As many entries as LoRA has numbers, on the same matrices. */
export const SPARSE_DEFAULTS = { rank: 8, targets: ['q', 'v'] } as const;

/** The authors' threshold, and the 5 % that did best at the start, in every linear of every layer. */
export const MASK_DEFAULTS = {
  threshold: 0.01,
  initialSparsity: 0.05,
  targets: ['q', 'k', 'v', 'o', 'ffn.in', 'ffn.out'],
} as const;

/** The paper's half per cent and λ. */
export const DIFF_PRUNING_DEFAULTS = { sparsity: 0.005, structured: false, penalty: 1.25e-7 } as const;

/** A tenth of the model in randomly chosen linear layers. */
export const SELECTIVE_DEFAULTS = { budget: 0.1 } as const;

/**
 * The study's own numbers (Ding et al., 2022), where it says them: prefixes of 5 and prompts of 100 tokens, LoRA of
 * rank 8 on queries and values, adapters 64 wide with SiLU after both sub-layers.
 */
export const STUDY_OPTIONS: Readonly<Partial<Record<MethodType, Readonly<Record<string, unknown>>>>> = {
  prefix: { virtualTokens: 5 },
  prompt: { virtualTokens: 100 },
  lora: { rank: 8, targets: ['q', 'v'] },
  adapter: { bottleneck: 64, activation: 'silu', placement: 'both' },
};

/** Sets of options that stand for what a spec leaves out. */
export const PRESETS = ['study'] as const;
export type Preset = (typeof PRESETS)[number];
