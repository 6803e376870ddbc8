/** The options that methods take, as data: kinds, defaults, bounds and what is usual. */
import {
  ADALORA_DEFAULTS,
  ADAPTER_DEFAULTS,
  COMPACTER_DEFAULTS,
  DIFF_PRUNING_DEFAULTS,
  FUSION_DEFAULTS,
  IA3_DEFAULTS,
  IPT_DEFAULTS,
  LAST_LAYER_DEFAULTS,
  LOHA_DEFAULTS,
  LOKR_DEFAULTS,
  LORA_DEFAULTS,
  MAM_DEFAULTS,
  MASK_DEFAULTS,
  MULTITASK_PROMPT_DEFAULTS,
  PREFIX_DEFAULTS,
  PROMPT_DEFAULTS,
  PTUNING_DEFAULTS,
  SAID_DEFAULTS,
  SELECTIVE_DEFAULTS,
  SPARSE_DEFAULTS,
  UNIPELT_DEFAULTS,
  VERA_DEFAULTS,
  type MethodType,
} from './defaults.ts';

import { MULTITASK_STARTS } from './multitask-prompt.ts';

interface Named {
  /** The field of the run spec, `method.<name>`. */
  name: string;
  /** Not needed in the usual case: shown when asked for. */
  advanced: boolean;
}

/** One option of a method. A default of null is "not set". Numbers in `usual` span what is sensible. */
export type OptionInfo = Named &
  (
    | { kind: 'integer'; default: number | null; min: number; max?: number; usual: readonly [number, number] }
    | {
        kind: 'number';
        default: number | null;
        /** Bounds; `open` ones are themselves excluded. */
        min: number;
        minOpen: boolean;
        max?: number;
        maxOpen?: boolean;
        usual: readonly [number, number];
      }
    | { kind: 'choice'; default: string | null; choices: readonly [string, ...string[]] }
    | { kind: 'flag'; default: boolean }
    /** Roles, suffixes and expressions, as in targets.ts. */
    | { kind: 'targets'; default: readonly string[] | null }
    /** Numbers above zero by role, whole ones where `integer`; none by default. */
    | { kind: 'byRole'; default: null; integer: boolean }
  );

const plain = { advanced: false };
const advanced = { advanced: true };
const above = { min: 0, minOpen: true };

const virtualTokens = (count: number): OptionInfo => ({
  name: 'virtualTokens',
  kind: 'integer',
  default: count,
  min: 1,
  usual: [1, 100],
  ...plain,
});

const choice = (
  name: string,
  standard: string | null,
  choices: readonly [string, ...string[]],
  level = plain,
): OptionInfo => ({ name, kind: 'choice', default: standard, choices, ...level });

/** A share of what is dropped. */
const rate = (name: string, standard: number, level = plain): OptionInfo => ({
  name,
  kind: 'number',
  default: standard,
  min: 0,
  minOpen: false,
  max: 1,
  maxOpen: true,
  usual: [0, 0.5],
  ...level,
});

const targets = (standard: readonly string[] | null): OptionInfo => ({
  name: 'targets',
  kind: 'targets',
  default: standard,
  ...plain,
});

const rank = (standard: number, usual: readonly [number, number]): OptionInfo => ({
  name: 'rank',
  kind: 'integer',
  default: standard,
  min: 1,
  usual,
  ...plain,
});

const alpha = (standard: number): OptionInfo => ({
  name: 'alpha',
  kind: 'number',
  default: standard,
  ...above,
  usual: [1, 128],
  ...plain,
});

/** A number of steps of the run. */
const steps = (
  name: string,
  standard: number,
  min: number,
  usual: readonly [number, number],
): OptionInfo => ({
  name,
  kind: 'integer',
  default: standard,
  min,
  usual,
  ...advanced,
});

/** Seed of what is random and frozen. */
const projectionKey = (standard: number): OptionInfo => ({
  name: 'projectionKey',
  kind: 'integer',
  default: standard,
  min: 0,
  max: 0xffffffff,
  usual: [0, 100],
  ...advanced,
});

/** Rank and alpha of single roles. */
const PATTERNS: readonly OptionInfo[] = [
  { name: 'rankPattern', kind: 'byRole', default: null, integer: true, ...advanced },
  { name: 'alphaPattern', kind: 'byRole', default: null, integer: false, ...advanced },
];

const LORA: readonly OptionInfo[] = [
  rank(LORA_DEFAULTS.rank, [1, 64]),
  alpha(LORA_DEFAULTS.alpha),
  rate('dropout', LORA_DEFAULTS.dropout),
  targets(LORA_DEFAULTS.targets),
  { name: 'rankStabilized', kind: 'flag', default: LORA_DEFAULTS.rankStabilized, ...advanced },
  { name: 'dora', kind: 'flag', default: LORA_DEFAULTS.dora, ...advanced },
  choice('initialization', LORA_DEFAULTS.initialization, ['default', 'pissa', 'olora'], advanced),
  choice('bias', LORA_DEFAULTS.bias, ['none', 'all', 'loraOnly'], advanced),
  { name: 'learningRateRatio', kind: 'number', default: null, ...above, usual: [1, 32], ...advanced },
  ...PATTERNS,
];

export const OPTIONS: Record<MethodType, readonly OptionInfo[]> = {
  full: [],
  head: [],
  bitfit: [],
  layernorm: [],
  lora: LORA,
  vera: [
    rank(VERA_DEFAULTS.rank, [16, 1024]),
    targets(VERA_DEFAULTS.targets),
    {
      name: 'initialScale',
      kind: 'number',
      default: VERA_DEFAULTS.initialScale,
      ...above,
      usual: [1e-3, 1],
      ...advanced,
    },
    projectionKey(VERA_DEFAULTS.projectionKey),
  ],
  adalora: [
    {
      name: 'initialRank',
      kind: 'integer',
      default: ADALORA_DEFAULTS.initialRank,
      min: 1,
      usual: [2, 64],
      ...plain,
    },
    rank(ADALORA_DEFAULTS.rank, [1, 64]),
    alpha(ADALORA_DEFAULTS.alpha),
    targets(ADALORA_DEFAULTS.targets),
    steps('warmupSteps', ADALORA_DEFAULTS.warmupSteps, 0, [0, 500]),
    steps('finalSteps', ADALORA_DEFAULTS.finalSteps, 0, [0, 1000]),
    steps('interval', ADALORA_DEFAULTS.interval, 1, [1, 100]),
    {
      name: 'orthogonality',
      kind: 'number',
      default: ADALORA_DEFAULTS.orthogonality,
      min: 0,
      minOpen: false,
      usual: [0, 1],
      ...advanced,
    },
  ],
  loha: [
    rank(LOHA_DEFAULTS.rank, [1, 32]),
    alpha(LOHA_DEFAULTS.alpha),
    targets(LOHA_DEFAULTS.targets),
    ...PATTERNS,
  ],
  lokr: [
    rank(LOKR_DEFAULTS.rank, [1, 64]),
    alpha(LOKR_DEFAULTS.alpha),
    targets(LOKR_DEFAULTS.targets),
    { name: 'factor', kind: 'integer', default: LOKR_DEFAULTS.factor, min: -1, usual: [1, 32], ...advanced },
    { name: 'decomposeBoth', kind: 'flag', default: LOKR_DEFAULTS.decomposeBoth, ...advanced },
    ...PATTERNS,
  ],
  said: [
    {
      name: 'dimension',
      kind: 'integer',
      default: SAID_DEFAULTS.dimension,
      min: 1,
      usual: [10, 100_000],
      ...plain,
    },
    { name: 'byLayer', kind: 'flag', default: SAID_DEFAULTS.byLayer, ...plain },
    projectionKey(SAID_DEFAULTS.projectionKey),
  ],
  prompt: [
    virtualTokens(PROMPT_DEFAULTS.virtualTokens),
    choice('initialization', PROMPT_DEFAULTS.initialization, ['vocab', 'random']),
  ],
  ptuning: [
    virtualTokens(PTUNING_DEFAULTS.virtualTokens),
    choice('encoderReparameterizationType', PTUNING_DEFAULTS.encoderReparameterizationType, ['mlp', 'lstm']),
    { name: 'encoderHiddenSize', kind: 'integer', default: null, min: 1, usual: [16, 1024], ...plain },
    {
      name: 'encoderLayers',
      kind: 'integer',
      default: PTUNING_DEFAULTS.encoderLayers,
      min: 1,
      max: 8,
      usual: [1, 4],
      ...advanced,
    },
    rate('encoderDropout', PTUNING_DEFAULTS.encoderDropout, advanced),
  ],
  multitaskPrompt: [
    virtualTokens(MULTITASK_PROMPT_DEFAULTS.virtualTokens),
    rank(MULTITASK_PROMPT_DEFAULTS.rank, [1, 16]),
    choice('initialization', MULTITASK_PROMPT_DEFAULTS.initialization, [...MULTITASK_STARTS]),
    {
      name: 'sourceTask',
      kind: 'integer',
      default: MULTITASK_PROMPT_DEFAULTS.sourceTask,
      min: 0,
      max: 999,
      usual: [0, 20],
      ...advanced,
    },
  ],
  ipt: [
    { name: 'dimension', kind: 'integer', default: null, min: 1, usual: [1, 250], ...plain },
    {
      name: 'decoderHiddenSize',
      kind: 'integer',
      default: IPT_DEFAULTS.decoderHiddenSize,
      min: 1,
      usual: [16, 1024],
      ...advanced,
    },
    { name: 'virtualTokens', kind: 'integer', default: null, min: 1, usual: [1, 100], ...advanced },
  ],
  prefix: [
    virtualTokens(PREFIX_DEFAULTS.virtualTokens),
    choice('initialization', PREFIX_DEFAULTS.initialization, ['zero', 'random']),
    { name: 'projection', kind: 'flag', default: PREFIX_DEFAULTS.projection, ...advanced },
    { name: 'encoderHiddenSize', kind: 'integer', default: null, min: 1, usual: [16, 1024], ...advanced },
    { name: 'placements', kind: 'targets', default: null, ...advanced },
  ],
  adapter: [
    {
      name: 'bottleneck',
      kind: 'integer',
      default: ADAPTER_DEFAULTS.bottleneck,
      min: 1,
      usual: [1, 256],
      ...plain,
    },
    choice('activation', ADAPTER_DEFAULTS.activation, ['silu', 'relu', 'gelu', 'tanh']),
    choice('placement', ADAPTER_DEFAULTS.placement, [
      'both',
      'ffn',
      'pfeiffer',
      'parallel',
      'scaledParallel',
    ]),
    { name: 'learnedScale', kind: 'flag', default: ADAPTER_DEFAULTS.learnedScale, ...advanced },
  ],
  compacter: [
    {
      name: 'reduction',
      kind: 'integer',
      default: COMPACTER_DEFAULTS.reduction,
      min: 1,
      usual: [2, 64],
      ...plain,
    },
    {
      name: 'kroneckerFactors',
      kind: 'integer',
      default: COMPACTER_DEFAULTS.kroneckerFactors,
      min: 1,
      max: 64,
      usual: [2, 12],
      ...plain,
    },
    choice('placement', COMPACTER_DEFAULTS.placement, ['both', 'ffn', 'pfeiffer']),
  ],
  mam: [
    virtualTokens(MAM_DEFAULTS.virtualTokens),
    {
      name: 'reduction',
      kind: 'integer',
      default: MAM_DEFAULTS.reduction,
      min: 1,
      usual: [1, 32],
      ...plain,
    },
    { name: 'encoderHiddenSize', kind: 'integer', default: null, min: 1, usual: [16, 1024], ...advanced },
  ],
  unipelt: [
    virtualTokens(UNIPELT_DEFAULTS.virtualTokens),
    {
      name: 'reduction',
      kind: 'integer',
      default: UNIPELT_DEFAULTS.reduction,
      min: 1,
      usual: [1, 32],
      ...plain,
    },
    rank(UNIPELT_DEFAULTS.rank, [1, 64]),
    { name: 'encoderHiddenSize', kind: 'integer', default: null, min: 1, usual: [16, 1024], ...advanced },
  ],
  fusion: [
    {
      name: 'penalty',
      kind: 'number',
      default: FUSION_DEFAULTS.penalty,
      min: 0,
      minOpen: false,
      usual: [0, 0.1],
      ...advanced,
    },
  ],
  ia3: [targets(IA3_DEFAULTS.targets)],
  lastLayer: [
    {
      name: 'layers',
      kind: 'integer',
      default: LAST_LAYER_DEFAULTS.layers,
      min: 1,
      usual: [1, 12],
      ...plain,
    },
    choice('stack', null, ['decoder', 'encoder'], advanced),
  ],
  sparse: [
    rank(SPARSE_DEFAULTS.rank, [1, 64]),
    targets(SPARSE_DEFAULTS.targets),
    {
      name: 'maskSeed',
      kind: 'integer',
      default: null,
      min: 0,
      max: 0xffffffff,
      usual: [0, 100],
      ...advanced,
    },
  ],
  mask: [
    {
      name: 'threshold',
      kind: 'number',
      default: MASK_DEFAULTS.threshold,
      min: -0.02,
      minOpen: true,
      usual: [-0.01, 0.05],
      ...plain,
    },
    {
      name: 'initialSparsity',
      kind: 'number',
      default: MASK_DEFAULTS.initialSparsity,
      ...above,
      max: 1,
      maxOpen: true,
      usual: [0.01, 0.5],
      ...plain,
    },
    targets(MASK_DEFAULTS.targets),
  ],
  diffPruning: [
    {
      name: 'sparsity',
      kind: 'number',
      default: DIFF_PRUNING_DEFAULTS.sparsity,
      ...above,
      max: 1,
      usual: [0.001, 0.1],
      ...plain,
    },
    { name: 'structured', kind: 'flag', default: DIFF_PRUNING_DEFAULTS.structured, ...plain },
    {
      name: 'penalty',
      kind: 'number',
      default: DIFF_PRUNING_DEFAULTS.penalty,
      min: 0,
      minOpen: false,
      usual: [0, 1e-4],
      ...advanced,
    },
    { name: 'fixedMaskSteps', kind: 'integer', default: null, min: 0, usual: [1, 10000], ...advanced },
  ],
  selective: [
    {
      name: 'budget',
      kind: 'number',
      default: SELECTIVE_DEFAULTS.budget,
      ...above,
      max: 1,
      usual: [0.01, 0.5],
      ...plain,
    },
  ],
};
