/**
 * Defaults of the methods: what an omitted option means. Learning rates are those that did well on the
 * built-in BERT (4 layers, width 128) with AdamW, batches of 16 to 32 and a few hundred steps; a small
 * model wants more than the 5e-5 that is usual for full fine-tuning of a large one.
 */

export const DEFAULT_LEARNING_RATES = {
  full: 5e-4,
  /** The two factors start small (one at zero), so their product needs larger steps. */
  lora: 2e-3,
  /** A handful of rows must move far: Lester et al. use 0.3 with Adafactor, OpenDelta 3e-2 with AdamW. */
  prompt: 2e-2,
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
} as const;

/** Rows sampled from the vocabulary start where the model knows its way; N(0, 1) rows are far off. */
export const PROMPT_DEFAULTS = { virtualTokens: 20, initialization: 'vocab' } as const;
