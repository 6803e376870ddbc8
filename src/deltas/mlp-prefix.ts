/**
 * Prefixes as Mix-And-Match and UniPELT have them, after AdapterHub: an MLP gives the keys and values of all layers,
 * files hold the MLP, the text's positions do not move, and a layer that is used many times has one prefix.
 *
 * An encoder-decoder has an MLP for each kind of attention: the encoder's, the decoder's own, and that across. As with
 * `prefix` the relative bias counts a prefix as past tokens (prefix-decoder.ts), which AdapterHub's bias does not.
 */
import { say } from '../sentence.ts';
import type { AttentionSite, LinearSite } from '../graph/roles.ts';
import { hubPrefixPlace, type HubPrefixKey } from './adapter-hub.ts';
import { Chain, modulesOf } from './beside.ts';
import type { DeltaModel, FilePlace } from './delta.ts';
import { gateOf } from './gate.ts';
import { prependAll, sliceOf } from './prefix.ts';
import { attentionsOf, prependAt, widthOf } from './prefix-decoder.ts';
import { extendMasks } from './prefix-masks.ts';
import { refuseSecondPrefix } from './prefix-once.ts';
import type { PrefixPlace } from './prefix-options.ts';
import { project } from './prefix-projection.ts';
import { notApplicable } from './refusal.ts';
import type { Rewriter } from './rewrite.ts';
import type { TensorTable } from './tensors.ts';

interface MlpPrefixOptions {
  type: 'mam' | 'unipelt';
  virtualTokens: number;
  /** Width inside the MLPs; the model's own when left out. */
  encoderHiddenSize?: number;
}

/** AdapterHub's names of an encoder-decoder's attentions. */
const KEYS: Readonly<Record<PrefixPlace, HubPrefixKey>> = {
  encoder: 'encoder',
  decoder: 'self',
  cross: 'cross',
};

/**
 * Puts prefixes into every attention, each scaled by a gate of its layer where `gated`.
 * @throws StudioError('unsupported') for a model without attentions or mask, ('spec') beside other prefixes
 */
export function mlpPrefixes(
  rewriter: Rewriter,
  tensors: TensorTable,
  model: DeltaModel,
  options: MlpPrefixOptions,
  gated = false,
): void {
  const { attentions, layers, linears, hidden } = model.roles;
  const { type, virtualTokens: count } = options;
  if (attentions.length === 0 || !model.graph.inputs.some(({ name }) => name === 'attention_mask'))
    throw notApplicable(type, say`attention layers and an "attention_mask" input`);
  refuseSecondPrefix(rewriter);
  const keysOf = (sites: readonly AttentionSite[]): LinearSite[] =>
    sites.map(({ role }) => linears.find((linear) => linear.role === `${role}.k`)!);
  const mlp = (sites: readonly AttentionSite[], key: HubPrefixKey, name: string): [string, string[]] => {
    const own = modulesOf(keysOf(sites));
    const width = widthOf(model, sites[0]);
    const { value } = project(
      rewriter,
      tensors,
      { ...options, initialization: 'random' },
      hidden,
      2 * own.length * width,
      { key: name, file: (part, transposed) => hubPrefixPlace(own, key, part, transposed) },
    );
    return [value, own];
  };
  const gate = gated ? (site: AttentionSite) => gateOfSite(rewriter, tensors, model, type, site) : undefined;
  if (layers.decoder === 0) {
    const [rows, own] = mlp(attentions, 'self', `delta.${type}.prefix`);
    const keys = keysOf(attentions);
    const layerOf = (site: AttentionSite): number => own.indexOf(keys[attentions.indexOf(site)].module);
    prependAll(
      rewriter,
      model,
      count,
      (site, part) => sliceOf(rewriter, site, rows, (2 * layerOf(site) + part) * hidden, hidden),
      gate,
    );
    return;
  }
  const places = (['encoder', 'decoder', 'cross'] as const).map((place) => {
    const sites = attentionsOf(model, place, type);
    return { place, sites, rows: mlp(sites, KEYS[place], `delta.${type}.prefix.${place}`)[0] };
  });
  for (const { place, sites, rows } of places) {
    const blockOf = (layer: number, part: number): number => 2 * layer + part;
    prependAt(rewriter, model, place, count, { sites, rows, blockOf, gateOf: gate });
  }
  extendMasks(rewriter, model, attentions, count);
}

/** The gate of an attention's prefix, which reads what the attention does. */
function gateOfSite(
  rewriter: Rewriter,
  tensors: TensorTable,
  model: DeltaModel,
  type: string,
  site: AttentionSite,
): string {
  const { module, input } = model.roles.linears.find(({ role }) => role === `${site.role}.k`)!;
  const attention = module.slice(0, module.lastIndexOf('.'));
  const chain = new Chain(rewriter, `/delta/${type}/${site.role}`);
  const x = rewriter.current(input);
  const file = (part: string, transposed = false): FilePlace => ({
    name: `${attention}.prefix_tuning.prefix_gates.${part.replace('gate', 'delta')}`,
    transposed,
  });
  const gate = gateOf(chain, tensors, model, x, site.role, {
    key: `delta.${type}.${module}.prefix_gate`,
    file,
  });
  rewriter.insertAfter([...chain.nodes.flatMap(({ inputs }) => inputs)], chain.nodes);
  return gate;
}
