/**
 * Methods that add nothing and choose what trains: `bitfit` all biases (Ben Zaken et al., 2022), `layernorm`
 * the normalisations (PEFT's LN tuning), `lastLayer` the last layers, `selective` random linear layers up to a
 * budget (the delta tuning study's "selective module").
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { LinearSite } from '../graph/roles.ts';
import { elementCount } from '../graph/tensor.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { notApplicable } from './refusal.ts';
import { Rewriter } from './rewrite.ts';
import { initialStream } from './streams.ts';
import { TensorTable } from './tensors.ts';

export interface BitfitOptions {
  type: 'bitfit';
}
export interface LayernormOptions {
  type: 'layernorm';
}
export interface LastLayerOptions {
  type: 'lastLayer';
  /** How many layers from the end. */
  layers: number;
  /** Of an encoder-decoder: whose last layers, the decoder's when omitted. The study took the encoder's. */
  stack?: 'encoder' | 'decoder';
}
export interface SelectiveOptions {
  type: 'selective';
  /** Share of the model's parameters that may train. */
  budget: number;
}

function unfrozen(model: DeltaModel, type: string, names: Iterable<string>): Delta {
  const head = new Set(model.head);
  const chosen = [...new Set(names)].filter((name) => !head.has(name));
  return {
    type,
    graph: model.graph,
    tensors: [],
    unfrozen: chosen,
    virtualTokens: 0,
    filePrefix: '',
    moved: model.moved ?? new Map(),
    peftConfig: null,
  };
}

/** All biases, normalisations' and pooler's included; linears of a model without biases get zero ones. */
export function bitfit(model: DeltaModel, _options: BitfitOptions, seed: number): Delta {
  const biases = [...model.parameters.keys()].filter((name) => name.endsWith('bias'));
  if (biases.some((name) => !model.head.includes(name))) return unfrozen(model, 'bitfit', biases);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  for (const site of model.roles.linears) {
    if (site.bias !== undefined || site.role.startsWith('head.')) continue;
    const file = { name: `${site.module}.bias`, transposed: false };
    const bias = tensors.zeros(`delta.bitfit.${site.module}.bias`, [site.outFeatures], file);
    const output = rewriter.current(site.output);
    const sum = rewriter.node(`/delta/bitfit/${site.role}/Add`, 'Add', [output, bias]);
    rewriter.insertAfter([output], [sum]);
    rewriter.redirect(output, sum.outputs[0], new Set([sum]));
  }
  if (tensors.list.length === 0) throw notApplicable('bitfit', say`linear layers outside its head`);
  return {
    ...unfrozen(model, 'bitfit', []),
    graph: rewriter.graph,
    tensors: tensors.list,
    moved: rewriter.moved,
  };
}

/** Weights and biases of every normalisation. */
export function layernorm(model: DeltaModel, _options: LayernormOptions, _seed: number): Delta {
  const names = model.roles.norms.flatMap(({ weight, bias }) =>
    bias === undefined ? [weight] : [weight, bias],
  );
  const delta = unfrozen(model, 'layernorm', names);
  if (delta.unfrozen.length === 0) throw notApplicable('layernorm', say`normalisations outside its head`);
  const files = new Map(
    delta.unfrozen.map((name) => [
      name,
      `base_model.model.${name.replace(/\.(\w+)$/, '.ln_tuning_layers.$1')}`,
    ]),
  );
  const modules = [...new Set(delta.unfrozen.map((name) => name.replace(/\.\w+$/, '')))];
  return {
    ...delta,
    filePrefix: 'base_model.model.',
    files,
    peftConfig: { peft_type: 'LN_TUNING', target_modules: modules },
  };
}

/** All weights of the last layers. @throws StudioError('spec') when the model has fewer */
export function lastLayer(model: DeltaModel, options: LastLayerOptions, _seed: number): Delta {
  const { layers } = options;
  const stack = model.roles.layers.decoder > 0 ? (options.stack ?? 'decoder') : 'encoder';
  const count = model.roles.layers[stack];
  if (count === 0) throw notApplicable('lastLayer', say`transformer layers`);
  if (layers > count)
    throw new StudioError(
      'spec',
      say`${field('method.layers')}: got ${layers}, and the model has ${count} layers; choose at most ${count}.`,
      {
        where: 'method.layers',
      },
    );
  const inside = (role: string): boolean => {
    const match = /^(\w+)\.(\d+)\./.exec(role);
    return match !== null && match[1] === stack && Number(match[2]) >= count - layers;
  };
  const sites = [...model.roles.linears, ...model.roles.norms].filter(({ role }) => inside(role));
  return unfrozen(model, 'lastLayer', sites.flatMap(weightsOf));
}

/** Linear layers drawn with the seed until the budget is used. @throws StudioError('spec') for a budget below the smallest */
export function selective(model: DeltaModel, { budget }: SelectiveOptions, seed: number): Delta {
  const head = new Set(model.head);
  const modules = new Map<string, LinearSite>();
  for (const site of model.roles.linears) if (!head.has(site.weight)) modules.set(site.module, site);
  if (modules.size === 0) throw notApplicable('selective', say`linear layers outside its head`);
  const size = (name: string): number => elementCount(model.parameters.get(name)!.dims);
  let left = 0;
  for (const name of model.parameters.keys()) left += size(name) * budget;
  const stream = initialStream(seed, 'delta.selective');
  const order = [...modules.values()].map((site) => ({ site, key: stream.uniform() }));
  order.sort((a, b) => a.key - b.key);
  const chosen: string[] = [];
  for (const { site } of order) {
    const names = weightsOf(site);
    const cost = names.reduce((n, name) => n + size(name), 0);
    if (cost > left) continue;
    left -= cost;
    chosen.push(...names);
  }
  if (chosen.length === 0)
    throw new StudioError(
      'spec',
      say`${field('method.budget')}: got ${budget}, too little for even the smallest linear layer of this model; raise it.`,
      { where: 'method.budget' },
    );
  return unfrozen(model, 'selective', chosen);
}

function weightsOf({ weight, bias }: { weight: string; bias?: string }): string[] {
  return bias === undefined ? [weight] : [weight, bias];
}
