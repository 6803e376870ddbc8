/** What a run of the benchmark leaves behind. */
import type { MemoryBytes } from '../src/plan/plan.ts';
import type { BatchSize } from '../src/measure/batch.ts';
import type { MatmulCase } from '../src/measure/matmul.ts';
import type { BenchMethod } from '../src/measure/methods.ts';
import type { Spent, StackCase } from './peers/cases.ts';
import type { MethodCostRow } from './peers/methods.ts';

/** GFLOP/s on the clock and a second of processor time (on software adapters: a core's), best of several submits. */
export interface MatmulRow extends MatmulCase {
  kernel: string;
  delta: Spent;
  tfjs: Spent;
  jax: Spent;
}

/** Medians over the rounds; times a step on the clock and of processor time. */
export interface MethodRow {
  method: BenchMethod;
  trainableParameters: number;
  milliseconds: Spent;
  tokensPerSecond: number;
  /** The caller's thread: host values, upload, encoding, submits. */
  encodeMilliseconds: number;
  dispatches: { compute: number; update: number };
  dispatchesPerLayer: number;
  /** Against full fine-tuning in the same rounds. */
  ratioToFull: Spent;
  memory: MemoryBytes;
  forecastIsExact: boolean;
  /** Compiling to plans, and making buffers, bind groups and pipelines not made before. */
  compileMilliseconds: number;
  prepareMilliseconds: number;
}

export interface StackRow {
  stack: StackCase;
  /** Positions of a batch, padding included. */
  tokens: number;
  rounds: number;
  methods: MethodRow[];
  forward: { delta: Spent; tfjs: Spent; ratio: Spent };
  /** Full fine-tuning; `ratio` is how many times our speed is theirs. */
  step: { delta: Spent; tfjs: Spent; ratio: Spent };
  /** Largest relative difference of the losses of the first steps. */
  lossDifference: number;
  tfjsBytes: number;
}

export interface ForecastRow {
  hidden: number;
  size: BatchSize;
  totals: Record<BenchMethod, number>;
}

export interface PreparationRow {
  method: BenchMethod;
  compile: number;
  create: number;
  firstStep: number;
  steadyStep: number;
  /** Made for this method, beyond those that methods before it had made. */
  pipelines: number;
  dispatches: number;
}

/** Texts generated with a key-value cache, and with the decoder run over the whole target for each token. */
export interface GenerationRow {
  hidden: number;
  layers: number;
  vocabulary: number;
  batchSize: number;
  length: number;
  newTokens: number;
  /** Tokens a second. */
  cached: number;
  recomputed: number;
  /** How many times as fast the cache is. */
  ratio: number;
  memory: MemoryBytes;
  forecastIsExact: boolean;
}

/** A training step of a T5 by several methods. */
export interface T5StepRow {
  hidden: number;
  layers: number;
  vocabulary: number;
  batchSize: number;
  length: number;
  targetLength: number;
  rounds: number;
  methods: {
    method: string;
    milliseconds: Spent;
    ratioToFull: Spent;
    memory: MemoryBytes;
    forecastIsExact: boolean;
  }[];
}

/** Bytes of activations and workspace of a step, the loss in chunks and with stored logits. */
export interface LossMemoryRow {
  hidden: number;
  rows: number;
  vocabulary: number;
  chunks: number;
  stored: number;
}

export interface Aim {
  aim: string;
  measured: string;
  met: boolean;
}

export const SECTIONS = ['matmul', 'stacks', 'forecasts', 'preparation', 't5', 'methods'] as const;
export type Section = (typeof SECTIONS)[number];

/** When a section was measured, and how busy the machine was otherwise (load averages of a minute). */
export interface SectionFacts {
  date: string;
  loadBefore: number;
  loadAfter: number;
}

export interface BenchResults {
  adapter: { name: string; vendor: string; description: string; software: boolean };
  versions: Record<string, string>;
  machine: { cpus: string; cores: number };
  measured: Partial<Record<Section, SectionFacts>>;
  matmul: MatmulRow[];
  stacks: StackRow[];
  forecasts: ForecastRow[];
  preparation: PreparationRow[];
  t5Steps: T5StepRow[];
  generation: GenerationRow[];
  lossMemory: LossMemoryRow[];
  methods: MethodCostRow[];
  aims: Aim[];
}
