/**
 * Prefix tuning (Li and Liang, 2021; deep prompts, P-tuning v2): every attention sees P trained keys and
 * values before the text's. In the graph they are a Concat on the projected keys and values
 * [batch, length, heads·dim], with all readers redirected, the `Shape` ones too.
 *
 * PEFT's conventions: the prefix is always attended; the text's positions start at P; files hold one
 * `prompt_embeddings` [P, 2·layers·hidden], layer i's keys in block 2i and its values in block 2i+1; rows start
 * N(0, 1), which is far from real keys, so `initialization: "zero"` is offered too.
 *
 * `projection` trains Emb(P, hidden) → Linear(mid) → tanh → Linear(2·layers·hidden) in their stead, as PEFT's
 * `prefix_projection` (Li and Liang's reparameterisation); files hold what it gives. With "zero" the last
 * linear starts at zero.
 */
import { say } from '../sentence.ts';
import type { AttentionSite } from '../graph/roles.ts';
import type { SourceNode } from '../graph/source.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { rowsOfBatch, sliceNode } from './nodes.ts';
import { notApplicable } from './refusal.ts';
import { prefixOfDecoder } from './prefix-decoder.ts';
import type { PrefixOptions } from './prefix-options.ts';
import { refuseSecondPrefix } from './prefix-once.ts';
import { project, ROWS_FILE } from './prefix-projection.ts';
import { Rewriter } from './rewrite.ts';
import { TensorTable } from './tensors.ts';

export type { PrefixOptions } from './prefix-options.ts';

const PATH = '/delta/prefix';

/** @throws StudioError('unsupported') for a model without attention or mask input */
export function prefix(model: DeltaModel, options: PrefixOptions, seed: number): Delta {
  if (model.roles.layers.decoder > 0) return prefixOfDecoder(model, options, seed);
  const { virtualTokens: count } = options;
  const { attentions, hidden } = model.roles;
  if (attentions.length === 0 || !model.graph.inputs.some((input) => input.name === 'attention_mask'))
    throw notApplicable('prefix', say`attention layers and an "attention_mask" input`);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const columns = 2 * attentions.length * hidden;
  const projected = options.projection ? project(rewriter, tensors, options, hidden, columns) : undefined;
  prependAll(rewriter, model, count, (site, part) => {
    const layer = attentions.indexOf(site);
    const column = (2 * layer + part) * hidden;
    if (projected) return sliceOf(rewriter, site, projected.value, column, hidden);
    const name = `delta.prefix.${layer}.${part === 0 ? 'key' : 'value'}`;
    const file = { ...ROWS_FILE, part: { column, columns } };
    return options.initialization === 'zero'
      ? tensors.zeros(name, [count, hidden], file)
      : tensors.normal(name, [count, hidden], file, 1);
  });
  shiftPositions(rewriter, model, count);
  return {
    type: 'prefix',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    ...(projected && { baked: [projected] }),
    virtualTokens: count,
    filePrefix: 'base_model.',
    moved: rewriter.moved,
    peftConfig: {
      peft_type: 'PREFIX_TUNING',
      num_virtual_tokens: count,
      token_dim: hidden,
      num_transformer_submodules: 1,
      num_attention_heads: attentions[0].heads,
      num_layers: attentions.length,
      encoder_hidden_size: options.encoderHiddenSize ?? hidden,
      prefix_projection: options.projection ?? false,
    },
  };
}

/**
 * Rows before the keys (part 0) and values (1) of every attention, which all masks let pass.
 * @param rowsOf names the value [P, hidden] that goes before those of a site
 * @param gateOf names the value [batch, 1, 1] that scales the rows of a site, if any does
 * @throws StudioError('spec') where an earlier method has put some there
 */
export function prependAll(
  rewriter: Rewriter,
  model: DeltaModel,
  count: number,
  rowsOf: (site: AttentionSite, part: number) => string,
  gateOf?: (site: AttentionSite) => string,
): void {
  const { attentions, hidden } = model.roles;
  refuseSecondPrefix(rewriter);
  const shape = batchOf(rewriter, count, hidden);
  for (const site of attentions) {
    const gate = gateOf?.(site);
    for (const [part, value] of [site.k, site.v].entries())
      prepend(rewriter, site, part, value, rowsOf(site, part), gate, shape, hidden);
  }
  if (!padMasks(rewriter, attentions, count)) extendMask(rewriter, model, count);
}

/** Columns [P, hidden] of the rows of all layers. */
export function sliceOf(
  rewriter: Rewriter,
  site: AttentionSite,
  rows: string,
  column: number,
  hidden: number,
): string {
  const slice = sliceNode(rewriter, `${PATH}/${site.role}/rows`, rows, 1, [column, column + hidden]);
  rewriter.insertAfter([rows], [slice]);
  return slice.outputs[0];
}

/** [batch, P, hidden] as a shape value, made once. */
function batchOf(rewriter: Rewriter, count: number, hidden: number): string {
  const path = PATH;
  const shape = rewriter.node(`${path}/Shape`, 'Shape', ['attention_mask']);
  const zero = rewriter.integers(`${path}/zero`, [1], [0]);
  const one = rewriter.integers(`${path}/one`, [1], [1]);
  const batch = rewriter.node(`${path}/Slice`, 'Slice', [shape.outputs[0], zero, one]);
  const rest = rewriter.integers(`${path}/rest`, [2], [count, hidden]);
  const target = rewriter.node(`${path}/Concat`, 'Concat', [batch.outputs[0], rest], { axis: 0 });
  rewriter.graph.nodes.unshift(shape, batch, target);
  return target.outputs[0];
}

function prepend(
  rewriter: Rewriter,
  site: AttentionSite,
  part: number,
  value: string,
  tensor: string,
  gate: string | undefined,
  shape: string,
  hidden: number,
): void {
  const path = `/delta/prefix/${site.role}/${part === 0 ? 'key' : 'value'}`;
  const current = rewriter.current(value);
  const expand = rowsOfBatch(rewriter, path, tensor, shape, gate);
  const concat = rewriter.node(`${path}/Concat`, 'Concat', [expand.outputs[0], current], { axis: 1 });
  const nodes = [expand, concat];
  rewriter.insertAfter([current, ...(gate === undefined ? [] : [gate])], nodes);
  rewriter.redirect(current, concat.outputs[0], new Set(nodes));
  splitHeads(rewriter, concat.outputs[0], site, hidden, path);
}

/**
 * Exporters spell the view [batch, length, heads, dim] with the length of the hidden states, which the
 * prefix does not lengthen: let it follow from the tensor itself.
 */
function splitHeads(
  rewriter: Rewriter,
  value: string,
  { heads }: AttentionSite,
  hidden: number,
  path: string,
): void {
  for (const node of rewriter.graph.nodes) {
    if (node.op !== 'Reshape' || node.inputs[0] !== value) continue;
    const target = rewriter.integers(`${path}/shape`, [4], [0, -1, heads, hidden / heads]);
    node.inputs = [value, target];
    node.attributes = {};
  }
}

/**
 * The prefix is always attended: every distinct additive mask [.., query, key] gets P zeros before its keys.
 * @returns false, having changed nothing, where a mask arrives otherwise (as the condition of a Where)
 */
function padMasks(rewriter: Rewriter, attentions: readonly AttentionSite[], count: number): boolean {
  const masks = new Set(attentions.flatMap(({ mask }) => (mask === undefined ? [] : [mask])));
  const readers = [...masks].map((mask) => rewriter.graph.nodes.filter((node) => node.inputs.includes(mask)));
  if (masks.size === 0 || readers.some((nodes) => nodes.some((node) => node.op !== 'Add'))) return false;
  const pads = rewriter.integers('/delta/prefix/mask/pads', [8], [0, 0, 0, count, 0, 0, 0, 0]);
  for (const mask of masks) {
    const pad = rewriter.node('/delta/prefix/mask/Pad', 'Pad', [mask, pads], { mode: 'constant' });
    rewriter.insertAfter([mask], [pad]);
    rewriter.redirect(mask, pad.outputs[0], new Set([pad]));
  }
  return true;
}

/** Otherwise the mask input itself gets P ones in front, for all that the encoder makes of it. */
function extendMask(rewriter: Rewriter, model: DeltaModel, count: number): void {
  const path = '/delta/prefix/mask';
  const head = model.freshHead ? headNodes(rewriter, model.freshHead.hidden) : new Set<SourceNode>();
  const shape = rewriter.graph.nodes.find((node) => node.name === '/delta/prefix/Slice')!;
  const width = rewriter.integers(`${path}/width`, [1], [count]);
  const target = rewriter.node(`${path}/Concat`, 'Concat', [shape.outputs[0], width], { axis: 0 });
  const ones = rewriter.integers(`${path}/ones`, [1, 1], [1]);
  const expand = rewriter.node(`${path}/Expand`, 'Expand', [ones, target.outputs[0]]);
  const inputs = [expand.outputs[0], 'attention_mask'];
  const concat = rewriter.node(`${path}/Concat_1`, 'Concat', inputs, { axis: 1 });
  const reader = rewriter.graph.nodes.find((node) => node.name === '/delta/prefix/Shape')!;
  rewriter.redirect('attention_mask', concat.outputs[0], new Set([reader, ...head, target, expand, concat]));
  const after = rewriter.graph.nodes.findIndex((node) => node.name === `${PATH}/Concat`) + 1;
  rewriter.graph.nodes.splice(after, 0, target, expand, concat);
}

/** A fresh head pools by the text's own mask: nodes that do not lead to the hidden states it reads. */
function headNodes(rewriter: Rewriter, hidden: string): Set<SourceNode> {
  const wanted = new Set([hidden]);
  const head = new Set<SourceNode>();
  for (const node of [...rewriter.graph.nodes].reverse()) {
    if (!node.outputs.some((output) => wanted.has(output))) head.add(node);
    else for (const input of node.inputs) wanted.add(input);
  }
  return head;
}

/** PEFT counts the prefix as past tokens: the text's positions start at P. */
function shiftPositions(rewriter: Rewriter, model: DeltaModel, count: number): void {
  const site = model.roles.embeddings.find(({ role }) => role === 'embeddings.position');
  if (!site) return;
  const gather = rewriter.graph.nodes.find((node) => node.name === site.node)!;
  const ids = gather.inputs[1];
  const by = rewriter.integers('/delta/prefix/positions/by', [], [count]);
  const shifted = rewriter.node('/delta/prefix/positions/Add', 'Add', [ids, by]);
  rewriter.insertAfter([ids], [shifted]);
  gather.inputs = [gather.inputs[0], shifted.outputs[0], ...gather.inputs.slice(2)];
}
