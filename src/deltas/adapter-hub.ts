/**
 * AdapterHub's files for bottleneck adapters: how `adapter_config.json` spells a placement, and where a
 * tensor stands. A layer's adapters are `<place>.adapters.<name>.adapter_down.0.{weight,bias}`,
 * `.adapter_up.{weight,bias}` and, where learned, `.scaling`; the place is the module that holds the sub-layer's
 * last linear, or one of DistilBERT's and ALBERT's own (`attention_adapters`, `output_adapters`).
 */
import type { SublayerSite } from '../graph/roles.ts';
import { say, type Sentence } from '../sentence.ts';
import type { AdapterOptions } from './adapter-options.ts';
import type { DeltaModel, FilePlace } from './delta.ts';

/** The name adapters have in files. */
export const ADAPTER_NAME = 'delta';

const ACTIVATIONS = { silu: 'swish', relu: 'relu', gelu: 'gelu', tanh: 'tanh' } as const;

/** Where AdapterHub keeps the adapter of a sub-layer whose last linear is `module`. */
function placeOf(model: DeltaModel, site: SublayerSite, module: string): string {
  const layerOf = (pattern: RegExp): string | undefined => pattern.exec(module)?.[0];
  const own = site.role.endsWith('.ffn') ? 'output_adapters' : 'attention_adapters';
  switch (model.config['model_type']) {
    case 'distilbert': {
      const layer = layerOf(/^.*\.layer\.\d+/);
      if (layer !== undefined) return `${layer}.${own}`;
      break;
    }
    case 'albert': {
      const layer = layerOf(/^.*\.albert_layers\.\d+/);
      if (layer !== undefined)
        return own === 'output_adapters' ? `${layer}.${own}` : `${layer}.attention.${own}`;
      break;
    }
    case 't5': {
      const layer = layerOf(/^.*block\.\d+\.layer\.\d+/);
      if (layer !== undefined) return layer;
      break;
    }
  }
  return module.includes('.') ? module.slice(0, module.lastIndexOf('.')) : module;
}

/** @param part below the adapter: `adapter_up.weight` */
export function hubPlace(
  model: DeltaModel,
  site: SublayerSite,
  module: string,
  part: string,
  transposed: boolean,
): FilePlace {
  return { name: `${placeOf(model, site, module)}.adapters.${ADAPTER_NAME}.${part}`, transposed };
}

/** Where it keeps a fusion. @param name the names of its adapters, joined by commas */
export function hubFusionPlace(
  model: DeltaModel,
  site: SublayerSite,
  module: string,
  name: string,
  part: string,
  transposed: boolean,
): FilePlace {
  return { name: `${placeOf(model, site, module)}.adapter_fusion_layer.${name}.${part}`, transposed };
}

/** Where it keeps what all adapters share. */
export function sharedPlace(modules: readonly string[], part: string): FilePlace {
  return { name: `${basePrefix(modules)}shared_parameters.${ADAPTER_NAME}.${part}`, transposed: false };
}

/** What leads to the base model below a head: `bert.`, or nothing. */
function basePrefix(modules: readonly string[]): string {
  const base = /^(?:(.*?)\.)?(?:encoder|decoder|transformer)\./.exec(modules[0] ?? '')?.[1];
  return base === undefined || base === '' ? '' : `${base}.`;
}

/** Its names for kinds of attention: an encoder alone has `self`, of an encoder-decoder that is the decoder's. */
export type HubPrefixKey = 'self' | 'encoder' | 'cross';

/** Where it keeps the MLP that gives the prefixes of all layers. */
export function hubPrefixPlace(
  modules: readonly string[],
  key: HubPrefixKey,
  part: string,
  transposed: boolean,
): FilePlace {
  const own = part.replace(/^embedding\./, 'wte.').replace(/^transform\./, 'control_trans.');
  return {
    name: `${basePrefix(modules)}prefix_tuning.prefix_tunings.${ADAPTER_NAME}.${key}_prefix.${own}`,
    transposed,
  };
}

/** Where it keeps LoRA's factors of a linear. */
export function hubLoraPlace(module: string, part: string, transposed: boolean): FilePlace {
  return { name: `${module}.loras.${ADAPTER_NAME}.${part}`, transposed };
}

/** The `config` of LoRA in attentions with a factor of one. */
export function hubLoraConfig(rank: number, matrices: readonly string[]): Record<string, unknown> {
  return {
    architecture: 'lora',
    selfattn_lora: true,
    intermediate_lora: false,
    output_lora: false,
    leave_out: [],
    r: rank,
    alpha: rank,
    dropout: 0,
    attn_matrices: [...matrices],
    composition_mode: 'add',
    init_weights: 'lora',
    use_gating: false,
  };
}

/** The `config` of prefix tuning through an MLP. */
export function hubPrefixConfig(count: number, middle: number): Record<string, unknown> {
  return {
    architecture: 'prefix_tuning',
    encoder_prefix: true,
    cross_prefix: true,
    leave_out: [],
    flat: false,
    prefix_length: count,
    bottleneck_size: middle,
    non_linearity: 'tanh',
    dropout: 0,
    use_gating: false,
    shared_gating: true,
  };
}

/** Several methods as one adapter: what `about` says, and the `config` of each in the place of its own. */
export function hubUnion(
  about: Readonly<Record<string, unknown>>,
  configs: readonly unknown[],
): Record<string, unknown> {
  return { ...about, config: { architecture: 'union', configs } };
}

/** AdapterHub's bottleneck is ⌊hidden / factor⌋. */
function reductionFactor(hidden: number, bottleneck: number): number {
  const factor = hidden / bottleneck;
  return Math.floor(hidden / factor) === bottleneck ? factor : hidden / (bottleneck + 0.5);
}

/** What its descriptions say of the model. */
function aboutModel(model: DeltaModel, name: string): Record<string, unknown> {
  const { architectures, model_type, _name_or_path } = model.config as Record<string, unknown>;
  return {
    hidden_size: model.roles.hidden,
    model_class: Array.isArray(architectures) ? (architectures[0] as unknown) : null,
    model_name: _name_or_path ?? null,
    model_type: model_type ?? null,
    name,
  };
}

/** `adapter_fusion_config.json`: its "dynamic" configuration. */
export function hubFusionConfig(
  model: DeltaModel,
  name: string,
  regularization: boolean,
): Record<string, unknown> {
  return {
    config: {
      key: true,
      query: true,
      value: true,
      query_before_ln: false,
      regularization,
      residual_before: false,
      temperature: false,
      value_before_softmax: true,
      value_initialized: true,
      dropout_prob: null,
    },
    ...aboutModel(model, name),
  };
}

/**
 * What a saved bottleneck adapter is as a method here, or what it has that the method cannot be. Fields that change
 * nothing of its shape are held to the method's own when its weights are read.
 * @param hidden the model's width
 */
export function hubShape(
  config: Readonly<Record<string, unknown>>,
  hidden: number,
): AdapterOptions | Sentence {
  const told = (name: string): Sentence =>
    say`${name} ${JSON.stringify(config[name] ?? null)}, where adapters here have another`;
  if ((config['architecture'] ?? null) !== null) return told('architecture');
  if (config['phm_layer'] === true)
    return say`phm_layer true: it is a Compacter, whose factors a fusion does not take`;
  const factor = config['reduction_factor'];
  if (typeof factor !== 'number' || !(factor > 0)) return told('reduction_factor');
  const activation = (Object.keys(ACTIVATIONS) as AdapterOptions['activation'][]).find(
    (name) => name === config['non_linearity'] || ACTIVATIONS[name] === config['non_linearity'],
  );
  if (activation === undefined) return told('non_linearity');
  if (config['output_adapter'] !== true) return told('output_adapter');
  const scaling = config['scaling'] ?? 1;
  const parallel = config['is_parallel'] === true;
  if (scaling !== 'learned' && scaling !== 1 && !(parallel && scaling === 4)) return told('scaling');
  const behind = config['original_ln_before'] === true ? 'pfeiffer' : 'ffn';
  const beside = scaling === 4 ? 'scaledParallel' : 'parallel';
  return {
    type: 'adapter',
    bottleneck: Math.max(1, Math.floor(hidden / factor)),
    activation,
    placement: parallel ? beside : config['mh_adapter'] === true ? 'both' : behind,
    ...(scaling === 'learned' && { learnedScale: true }),
  };
}

/** `adapter_config.json` but for the library's version. */
export function hubConfig(
  model: DeltaModel,
  options: Omit<AdapterOptions, 'type'>,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { hidden } = model.roles;
  const { placement, learnedScale } = options;
  const parallel = placement === 'parallel' || placement === 'scaledParallel';
  const scale = placement === 'scaledParallel' ? 4 : 1;
  return {
    config: {
      architecture: null,
      mh_adapter: placement === 'both',
      output_adapter: true,
      reduction_factor: reductionFactor(hidden, options.bottleneck),
      non_linearity: ACTIVATIONS[options.activation],
      original_ln_before: placement === 'pfeiffer',
      original_ln_after: true,
      ln_before: false,
      ln_after: false,
      init_weights: 'mam_adapter',
      is_parallel: parallel,
      scaling: learnedScale ? 'learned' : scale,
      use_gating: false,
      residual_before_ln: true,
      adapter_residual_before_ln: false,
      inv_adapter: null,
      inv_adapter_reduction_factor: null,
      cross_adapter: false,
      leave_out: [],
      dropout: 0,
      phm_layer: false,
      ...more,
    },
    ...aboutModel(model, ADAPTER_NAME),
  };
}
