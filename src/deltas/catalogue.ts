/**
 * Every method as data: its group in the delta tuning study's taxonomy, its options with defaults and bounds,
 * its learning rate, and where it touches a layer. The run spec's schema, the page's forms and diagrams and the
 * command line all read this; words for people stand in the page's dictionaries, under the same keys.
 */
import { StudioError } from '../errors.ts';
import { type Sentence } from '../sentence.ts';
import { OPTIONS, type OptionInfo } from './catalogue-options.ts';
import { DEFAULT_LEARNING_RATES, METHOD_TYPES, PROMPT_DEFAULTS, type MethodType } from './defaults.ts';
import type { DeltaModel } from './delta.ts';
import { attachDelta, type MethodOptions } from './registry.ts';

export type { OptionInfo } from './catalogue-options.ts';

/** The study's three kinds of delta, and what is none: every weight, or the head alone. */
export type MethodGroup = 'addition' | 'specification' | 'reparameterisation' | 'whole';

export const METHOD_GROUPS: readonly MethodGroup[] = [
  'addition',
  'specification',
  'reparameterisation',
  'whole',
];
/**
 * Where a method touches a layer or what stands around the layers: linears by their roles, behind or beside a
 * sub-layer, positions before the text, or kinds of weights.
 */
export type Place =
  | 'q'
  | 'k'
  | 'v'
  | 'o'
  | 'ffn.in'
  | 'ffn.out'
  | 'afterAttention'
  | 'afterFfn'
  | 'besideAttention'
  | 'besideFfn'
  | 'beforeText'
  | 'keysAndValues'
  | 'norms'
  | 'biases'
  | 'lastLayers'
  | 'someLinears'
  | 'everything'
  | 'head';

export interface MethodInfo {
  type: MethodType;
  group: MethodGroup;
  /** Default learning rate. */
  learningRate: number;
  options: readonly OptionInfo[];
}

const GROUPS: Record<MethodType, MethodGroup> = {
  full: 'whole',
  head: 'whole',
  lora: 'reparameterisation',
  vera: 'reparameterisation',
  adalora: 'reparameterisation',
  loha: 'reparameterisation',
  lokr: 'reparameterisation',
  said: 'reparameterisation',
  ipt: 'reparameterisation',
  prompt: 'addition',
  ptuning: 'addition',
  multitaskPrompt: 'addition',
  prefix: 'addition',
  adapter: 'addition',
  compacter: 'addition',
  mam: 'addition',
  unipelt: 'addition',
  fusion: 'addition',
  ia3: 'addition',
  bitfit: 'specification',
  layernorm: 'specification',
  lastLayer: 'specification',
  selective: 'specification',
  sparse: 'specification',
  mask: 'specification',
  diffPruning: 'specification',
};

export const CATALOGUE: Readonly<Record<MethodType, MethodInfo>> = Object.fromEntries(
  METHOD_TYPES.map((type) => [
    type,
    { type, group: GROUPS[type], learningRate: DEFAULT_LEARNING_RATES[type], options: OPTIONS[type] },
  ]),
) as unknown as Record<MethodType, MethodInfo>;

/** A method with its documented defaults; options that are not set by default are left out. */
export function defaultOptions(type: MethodType): MethodOptions {
  const set = OPTIONS[type].filter((option) => option.default !== null);
  const entries = set.map(({ name, default: value }) => [
    name,
    typeof value === 'object' ? [...(value as readonly string[])] : value,
  ]);
  return { type, ...Object.fromEntries(entries) } as MethodOptions;
}

const LINEAR_PLACES = ['q', 'k', 'v', 'o', 'ffn.in', 'ffn.out'] as const;

/** Linears that targets name by role; suffixes and expressions need a model to be understood. */
function linearsOf(named: readonly string[]): Place[] {
  return LINEAR_PLACES.filter((place) =>
    named.some((target) => target === place || target.endsWith(`.${place}`)),
  );
}

/** Where a method touches the model, for a diagram; the head, which every method trains, is left out. */
export function placesOf(options: MethodOptions): Place[] {
  switch (options.type) {
    case 'full':
    case 'diffPruning':
    case 'said':
      return ['everything'];
    case 'head':
      return ['head'];
    case 'lora':
    case 'vera':
    case 'adalora':
    case 'loha':
    case 'lokr':
    case 'ia3':
    case 'sparse':
    case 'mask':
      return linearsOf(options.targets);
    case 'prompt':
    case 'ptuning':
    case 'multitaskPrompt':
    case 'ipt':
      return ['beforeText'];
    case 'prefix':
      return ['keysAndValues'];
    case 'adapter':
    case 'compacter':
      return {
        both: ['afterAttention' as const, 'afterFfn' as const],
        ffn: ['afterFfn' as const],
        pfeiffer: ['afterFfn' as const],
        parallel: ['besideFfn' as const],
        scaledParallel: ['besideFfn' as const],
      }[options.placement];
    case 'mam':
      return ['keysAndValues', 'besideFfn'];
    case 'unipelt':
      return ['keysAndValues', 'q', 'v', 'afterFfn'];
    case 'fusion':
      return ['afterFfn'];
    case 'bitfit':
      return ['biases'];
    case 'layernorm':
      return ['norms'];
    case 'lastLayer':
      return ['lastLayers'];
    case 'selective':
      return ['someLinears'];
  }
}

/** Positions of the model that virtual tokens take from the text; those of these two stand beside the positions. */
export function positionsOf(options: MethodOptions): number {
  if (options.type === 'mam' || options.type === 'unipelt') return 0;
  if (options.type === 'ipt') return options.virtualTokens ?? PROMPT_DEFAULTS.virtualTokens;
  return 'virtualTokens' in options ? options.virtualTokens : 0;
}

/** Why a method with its defaults does not fit a model. */
export interface Obstacle {
  /** One sentence: what, where, what to do. */
  message: Sentence;
  /** `method.type`: no options help. Otherwise the option that does not fit. */
  where: string;
}

/**
 * For every method null, or why it cannot be attached to this model as its defaults have it.
 * Attaches each to find out; what is not a refusal is thrown.
 */
export function applicability(model: DeltaModel): Record<MethodType, Obstacle | null> {
  const entries = METHOD_TYPES.map((type) => [type, obstacle(model, defaultOptions(type))]);
  return Object.fromEntries(entries) as Record<MethodType, Obstacle | null>;
}

/** Null, or why these options do not fit the model. */
export function obstacle(model: DeltaModel, options: MethodOptions): Obstacle | null {
  try {
    attachDelta(model, options, 0);
    return null;
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { message: error.sentence, where: error.where ?? 'method.type' };
  }
}
