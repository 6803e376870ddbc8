/**
 * AdapterHub's files for bottleneck adapters: how `adapter_config.json` spells a placement, and where a
 * tensor stands. A layer's adapters are `<place>.adapters.<name>.adapter_down.0.{weight,bias}`,
 * `.adapter_up.{weight,bias}` and, where learned, `.scaling`; the place is the module that holds the sub-layer's
 * last linear, or one of DistilBERT's and ALBERT's own (`attention_adapters`, `output_adapters`).
 */
import type { SublayerSite } from '../graph/roles.ts';
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
  const { architectures, model_type, _name_or_path } = model.config as Record<string, unknown>;
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
    hidden_size: hidden,
    model_class: Array.isArray(architectures) ? (architectures[0] as unknown) : null,
    model_name: _name_or_path ?? null,
    model_type: model_type ?? null,
    name: ADAPTER_NAME,
  };
}
