/**
 * Prefix tuning of an encoder-decoder: P trained keys and values before those of every attention of the chosen
 * kinds. PEFT's reaches the decoder's self-attention alone; the delta tuning study's (and AdapterHub's) also the
 * encoder's self-attention and the attention across, each with a prefix of its own.
 *
 * The prefix stands before the text as past tokens do (Hugging Face's cache): it is always attended, and the
 * relative bias counts its distance, keys from 0 and queries from P. Attention across has no relative bias.
 *
 * Files. PEFT's one `prompt_embeddings` [P, 2·layers·heads·d_kv]; as PEFT 0.21 hands it to T5, by fours, layer i
 * has its keys in block 4i and its values in block 4i + 1, both modulo 2·layers. With places named, one
 * `<place>_prefix` of that shape for each, layer i with keys in block 2i and values in block 2i + 1.
 * `projection` is PEFT's and goes with PEFT's place alone.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { scalarInitializer } from '../graph/tensor.ts';
import type { AttentionSite } from '../graph/roles.ts';
import type { SourceNode } from '../graph/source.ts';
import { elementTypeCode } from '../onnx/types.ts';
import type { BakedTensor, Delta, DeltaModel } from './delta.ts';
import { rowsOfBatch } from './nodes.ts';
import { extendMasks } from './prefix-masks.ts';
import { refuseSecondPrefix } from './prefix-once.ts';
import type { PrefixOptions, PrefixPlace } from './prefix-options.ts';
import { project, ROWS_FILE } from './prefix-projection.ts';
import { notApplicable } from './refusal.ts';
import { Rewriter } from './rewrite.ts';
import { TensorTable } from './tensors.ts';

const ROLES: Readonly<Record<PrefixPlace, RegExp>> = {
  encoder: /^encoder\.\d+\.self$/,
  decoder: /^decoder\.\d+\.self$/,
  cross: /^decoder\.\d+\.cross$/,
};

export function prefixOfDecoder(model: DeltaModel, options: PrefixOptions, seed: number): Delta {
  const { virtualTokens: count, placements } = options;
  if (options.projection && placements)
    throw new StudioError(
      'spec',
      say`${field('method.projection')}: prefixes at named places are learned as they are; leave ${field('method.projection')} or ${field('method.placements')} out.`,
      { where: 'method.projection' },
    );
  let projected: BakedTensor | undefined;
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const all: AttentionSite[] = [];
  refuseSecondPrefix(rewriter);
  for (const [i, place] of (placements ?? (['decoder'] as const)).entries()) {
    if (!Object.hasOwn(ROLES, place))
      throw new StudioError(
        'spec',
        say`${field(`method.placements[${i}]`)}: got "${place}", and a prefix goes to ${Object.keys(ROLES).join(', ')}; name some of these.`,
        { where: `method.placements[${i}]` },
      );
    const sites = attentionsOf(model, place, 'prefix');
    all.push(...sites);
    const inner = widthOf(model, sites[0]);
    const dims = [count, 2 * sites.length * inner];
    const name = `delta.prefix.${place}`;
    const file = placements ? { name: `${place}_prefix`, transposed: false } : ROWS_FILE;
    if (options.projection) projected = project(rewriter, tensors, options, inner, dims[1]);
    else if (options.initialization === 'zero') tensors.zeros(name, dims, file);
    else tensors.normal(name, dims, file, 1);
    prependAt(rewriter, model, place, count, {
      sites,
      rows: projected?.value ?? name,
      // PEFT deals its blocks out by fours.
      blockOf: (layer, part) => ((placements ? 2 : 4) * layer + part) % (2 * sites.length),
    });
  }
  extendMasks(rewriter, model, all, count);
  return {
    type: 'prefix',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    ...(projected && { baked: [projected] }),
    virtualTokens: count,
    filePrefix: placements ? '' : 'base_model.',
    moved: rewriter.moved,
    peftConfig: placements ? null : peftConfig(model, options),
  };
}

/** @throws StudioError('unsupported') for a model without such attentions */
export function attentionsOf(model: DeltaModel, place: PrefixPlace, type: string): AttentionSite[] {
  const sites = model.roles.attentions.filter(({ role }) => ROLES[place].test(role));
  if (sites.length === 0) throw notApplicable(type, say`attention of the kind "${place}"`);
  return sites;
}

/** What goes before the keys and values of the attentions of one place. */
interface PlacedRows {
  sites: readonly AttentionSite[];
  /** Value [P, blocks·heads·d_kv]. */
  rows: string;
  /** The block of a layer's keys (part 0) or values (1). */
  blockOf: (layer: number, part: number) => number;
  /** The value [batch, 1, 1] that scales the rows of a site, if any does. */
  gateOf?: (site: AttentionSite) => string;
}

/** Prefixes at one place of an encoder-decoder; masks stay as they are until `extendMasks`. */
export function prependAt(
  rewriter: Rewriter,
  model: DeltaModel,
  place: PrefixPlace,
  count: number,
  { sites, rows, blockOf, gateOf }: PlacedRows,
): void {
  const inner = widthOf(model, sites[0]);
  const shape = batchOf(rewriter, place, count, inner);
  sites.forEach((site, layer) => {
    const gate = gateOf?.(site);
    [site.k, site.v].forEach((value, part) => {
      const from = blockOf(layer, part) * inner;
      prepend(rewriter, site, { value, part, tensor: rows, from, inner, shape, gate });
    });
  });
  if (place !== 'cross') extendBuckets(rewriter, model, place, count);
}

function peftConfig(model: DeltaModel, options: PrefixOptions): Record<string, unknown> {
  const [site] = model.roles.attentions;
  const inner = widthOf(model, site);
  return {
    peft_type: 'PREFIX_TUNING',
    num_virtual_tokens: options.virtualTokens,
    token_dim: inner,
    // PEFT knows an encoder-decoder's prefix by this; with 1 it would deal the blocks out by twos.
    num_transformer_submodules: 2,
    num_attention_heads: site.heads,
    num_layers: model.roles.layers.decoder,
    encoder_hidden_size: options.encoderHiddenSize ?? inner,
    prefix_projection: options.projection ?? false,
  };
}

/** heads·d_kv, which need not be the hidden width. */
export function widthOf(model: DeltaModel, site: AttentionSite): number {
  return model.roles.linears.find(({ role }) => role === `${site.role}.k`)!.outFeatures;
}

/** [batch, P, heads·d_kv] as a shape value, made once a place. */
function batchOf(rewriter: Rewriter, place: PrefixPlace, count: number, inner: number): string {
  const path = `/delta/prefix/${place}`;
  const shape = rewriter.node(`${path}/Shape`, 'Shape', ['input_ids']);
  const zero = rewriter.integers(`${path}/zero`, [1], [0]);
  const one = rewriter.integers(`${path}/one`, [1], [1]);
  const batch = rewriter.node(`${path}/Slice`, 'Slice', [shape.outputs[0], zero, one]);
  const rest = rewriter.integers(`${path}/rest`, [2], [count, inner]);
  const target = rewriter.node(`${path}/Concat`, 'Concat', [batch.outputs[0], rest], { axis: 0 });
  rewriter.graph.nodes.unshift(shape, batch, target);
  return target.outputs[0];
}

interface Prepended {
  /** Source value of the keys or values. */
  value: string;
  part: number;
  tensor: string;
  /** First column of the tensor. */
  from: number;
  inner: number;
  shape: string;
  gate: string | undefined;
}

/** Puts columns of the tensor before the keys or values. Lengths are still read off the text alone. */
function prepend(rewriter: Rewriter, site: AttentionSite, given: Prepended): void {
  const path = `/delta/prefix/${site.role}/${given.part === 0 ? 'key' : 'value'}`;
  const current = rewriter.current(given.value);
  const bounds = [given.from, given.from + given.inner, 1].map((n, i) =>
    rewriter.integers(`${path}/${['starts', 'ends', 'axes'][i]}`, [1], [n]),
  );
  const rows = rewriter.node(`${path}/Slice`, 'Slice', [given.tensor, ...bounds]);
  const expand = rowsOfBatch(rewriter, path, rows.outputs[0], given.shape, given.gate);
  const concat = rewriter.node(`${path}/Concat`, 'Concat', [expand.outputs[0], current], { axis: 1 });
  const nodes = [rows, expand, concat];
  rewriter.insertAfter([current, ...(given.gate === undefined ? [] : [given.gate])], nodes);
  const lengths = rewriter.graph.nodes.filter((node) => node.op === 'Shape' && node.inputs[0] === current);
  rewriter.redirect(current, concat.outputs[0], new Set([...nodes, ...lengths]));
  const depth = given.inner / site.heads;
  for (const node of rewriter.graph.nodes) {
    if (node.op !== 'Reshape' || node.inputs[0] !== concat.outputs[0]) continue;
    node.inputs = [node.inputs[0], rewriter.integers(`${path}/shape`, [4], [0, -1, site.heads, depth])];
    node.attributes = {};
  }
}

/**
 * Columns of relative positions before those of the text: query i, counted from P, and prefix key j are
 * P + i − j apart. Buckets are Hugging Face's, of keys that come before (T5Attention._relative_position_bucket).
 */
function extendBuckets(
  rewriter: Rewriter,
  model: DeltaModel,
  stack: 'encoder' | 'decoder',
  count: number,
): void {
  const site = model.roles.embeddings.find(({ role }) => role === `${stack}.relativePositions`);
  if (!site) return;
  const [rows] = rewriter.graph.initializers.get(site.weight)!.dims;
  const buckets = stack === 'encoder' ? rows / 2 : rows;
  const exact = Math.floor(buckets / 2);
  const farthest = Number(model.config['relative_attention_max_distance'] ?? 128);
  const gather = rewriter.graph.nodes.find((node) => node.name === site.node)!;
  const ids = gather.inputs[1];
  const path = `/delta/prefix/${stack}/buckets`;
  const nodes: SourceNode[] = [];
  const node = (name: string, op: string, inputs: string[], attributes = {}): string => {
    nodes.push(rewriter.node(`${path}/${name}`, op, inputs, attributes));
    return nodes.at(-1)!.outputs[0];
  };
  const integer = (name: string, value: number): string => rewriter.integers(`${path}/${name}`, [], [value]);
  const float = (name: string, value: number): string =>
    rewriter.addInitializer(scalarInitializer(rewriter.fresh(`${path}/${name}`), value));
  const cast = (name: string, value: string, to: 'float32' | 'int64'): string =>
    node(name, 'Cast', [value], { to: elementTypeCode(to) });
  // Distances [queries, P]: P − j is a row, i a column.
  const length = node('Gather', 'Gather', [node('Shape', 'Shape', [ids]), integer('first', 0)], { axis: 0 });
  const range = node('Range', 'Range', [integer('zero', 0), length, integer('one', 1)]);
  const column = node('Reshape', 'Reshape', [range, rewriter.integers(`${path}/column`, [2], [-1, 1])]);
  const row = rewriter.integers(
    `${path}/row`,
    [1, count],
    Array.from({ length: count }, (_, j) => count - j),
  );
  const distance = node('Add', 'Add', [column, row]);
  const ratio = node('Div', 'Div', [cast('Cast', distance, 'float32'), float('exact', exact)]);
  const share = node('Div_1', 'Div', [
    node('Log', 'Log', [ratio]),
    float('range', Math.log(farthest / exact)),
  ]);
  const steps = cast('Cast_1', node('Mul', 'Mul', [share, float('steps', buckets - exact)]), 'int64');
  const far = node('Min', 'Min', [
    node('Add_1', 'Add', [steps, integer('offset', exact)]),
    integer('last', buckets - 1),
  ]);
  const near = node('Less', 'Less', [distance, integer('near', exact)]);
  const bucket = node('Where', 'Where', [near, distance, far]);
  // Some exporters count the keys behind the prefix: the text's own are as many as its queries.
  const own = node('Slice', 'Slice', [
    ids,
    rewriter.integers(`${path}/start`, [1], [0]),
    node('Reshape_1', 'Reshape', [length, rewriter.integers(`${path}/vector`, [1], [1])]),
    rewriter.integers(`${path}/axis`, [1], [1]),
  ]);
  const joined = node('Concat', 'Concat', [bucket, own], { axis: 1 });
  rewriter.graph.nodes.splice(rewriter.graph.nodes.indexOf(gather), 0, ...nodes);
  gather.inputs = [gather.inputs[0], joined, ...gather.inputs.slice(2)];
}
