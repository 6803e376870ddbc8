/**
 * Virtual tokens before the text, as extra embedding rows: inside the graph P new ids are concatenated to
 * `input_ids`, ones to `attention_mask`, zeros to `token_type_ids`, and only the input's Gather reads
 * Concat(word embeddings, rows). So positions and masks follow by themselves, a tied output head keeps its
 * vocabulary, and the file stays dynamic. The rows may be a tensor or computed from some.
 *
 * As in PEFT a model's own pooler reads index 0, the first virtual token. A fresh head and outputs per
 * token see the text alone. Rows have the embedding's width (ALBERT's is not the hidden width).
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { EmbeddingSite } from '../graph/roles.ts';
import type { SourceGraph, SourceNode } from '../graph/source.ts';
import type { DeltaModel } from './delta.ts';
import { notApplicable } from './refusal.ts';
import type { Rewriter } from './rewrite.ts';
import { initialStream } from './streams.ts';

/** ONNX takes any end past the axis as its end. */
const TO_END = Number.MAX_SAFE_INTEGER;

/** The embedding that looks up the text. @throws StudioError('unsupported') for a model without one */
export function wordEmbedding(model: DeltaModel, type: string): EmbeddingSite & { dims: readonly number[] } {
  const word = model.roles.embeddings.find((site) => site.role === 'embeddings.word');
  if (!word || !model.graph.inputs.some((input) => input.name === 'input_ids'))
    throw notApplicable(type, say`a word embedding in which "input_ids" are looked up`);
  return { ...word, dims: model.graph.initializers.get(word.weight)!.dims };
}

/**
 * Puts `count` virtual tokens before the text.
 * @param rows the value [count, width] that holds their embeddings; it must already be in the graph
 * @throws StudioError('spec') when another method has put some there
 */
export function prependRows(
  rewriter: Rewriter,
  model: DeltaModel,
  type: string,
  rows: string,
  count: number,
): void {
  const word = wordEmbedding(model, type);
  const reads = model.freshHead ? ancestors(model.graph, model.freshHead.hidden) : undefined;
  const added = prependInputs(rewriter, count, word.dims[0], reads);
  added.push(...extendTable(rewriter, word, rows));
  if (model.freshHead) dropVirtual(rewriter, model.freshHead.hidden, count, reads!, added);
  dropFromOutputs(rewriter, count);
}

/** Nodes (by name) that `value` depends on. */
function ancestors(graph: SourceGraph, value: string): Set<string> {
  const wanted = new Set([value]);
  const found = new Set<string>();
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    found.add(node.name);
    for (const input of node.inputs) wanted.add(input);
  }
  return found;
}

/**
 * Put P columns before each integer input: new ids (`vocabulary` onwards), ones, zeros.
 * @param reads names of the nodes that shall see them; all when undefined
 */
function prependInputs(
  rewriter: Rewriter,
  count: number,
  vocabulary: number,
  reads: ReadonlySet<string> | undefined,
): SourceNode[] {
  const ids = Array.from({ length: count }, (_, i) => vocabulary + i);
  const columns: Record<string, number[]> = {
    input_ids: ids,
    attention_mask: ids.map(() => 1),
    token_type_ids: ids.map(() => 0),
  };
  const outside = new Set(rewriter.graph.nodes.filter((node) => reads && !reads.has(node.name)));
  const path = '/delta/prompt';
  const shape = rewriter.node(`${path}/Shape`, 'Shape', ['input_ids']);
  const zero = rewriter.integers(`${path}/zero`, [1], [0]);
  const one = rewriter.integers(`${path}/one`, [1], [1]);
  const batch = rewriter.node(`${path}/Slice`, 'Slice', [shape.outputs[0], zero, one]);
  const width = rewriter.integers(`${path}/count`, [1], [count]);
  const target = rewriter.node(`${path}/Concat`, 'Concat', [batch.outputs[0], width], { axis: 0 });
  const nodes = [shape, batch, target];
  for (const input of rewriter.graph.inputs) {
    const row = columns[input.name];
    if (!row) continue;
    const values = rewriter.integers(`${path}/${input.name}/values`, [1, count], row);
    const expand = rewriter.node(`${path}/${input.name}/Expand`, 'Expand', [values, target.outputs[0]]);
    const inputs = [expand.outputs[0], input.name];
    const concat = rewriter.node(`${path}/${input.name}/Concat`, 'Concat', inputs, { axis: 1 });
    rewriter.redirect(input.name, concat.outputs[0], new Set([...nodes, ...outside]));
    nodes.push(expand, concat);
  }
  rewriter.graph.nodes.unshift(...nodes);
  return nodes;
}

/** Let the input's Gather, and it alone, read the rows behind the vocabulary. */
function extendTable(rewriter: Rewriter, word: EmbeddingSite, rows: string): SourceNode[] {
  const concat = rewriter.node('/delta/prompt/table/Concat', 'Concat', [word.weight, rows], { axis: 0 });
  const at = rewriter.graph.nodes.findIndex((node) => node.name === word.node);
  const gather = rewriter.graph.nodes[at];
  if (gather.inputs[0] !== word.weight)
    throw new StudioError(
      'spec',
      say`${field('method')}: two methods put virtual tokens before the text, which can be done once; leave one of them out.`,
      { where: 'method' },
    );
  gather.inputs = [concat.outputs[0], ...gather.inputs.slice(1)];
  rewriter.graph.nodes.splice(at, 0, concat);
  return [concat];
}

function sliceTail(rewriter: Rewriter, hint: string, value: string, count: number): SourceNode {
  const bounds = [count, TO_END, 1].map((n, i) =>
    rewriter.integers(`${hint}/${['starts', 'ends', 'axes'][i]}`, [1], [n]),
  );
  return rewriter.node(`${hint}/Slice`, 'Slice', [value, ...bounds]);
}

/** A fresh head pools the text: it reads the hidden states without the first P. */
function dropVirtual(
  rewriter: Rewriter,
  hidden: string,
  count: number,
  encoder: ReadonlySet<string>,
  added: readonly SourceNode[],
): void {
  const slice = sliceTail(rewriter, '/delta/prompt/hidden', hidden, count);
  rewriter.insertAfter([hidden], [slice]);
  const keep = rewriter.graph.nodes.filter((node) => encoder.has(node.name));
  rewriter.redirect(hidden, slice.outputs[0], new Set([slice, ...keep, ...added]));
}

/** Outputs per token ([batch, length, ...]) drop the first P, so they stay aligned with the text. */
function dropFromOutputs(rewriter: Rewriter, count: number): void {
  const length = rewriter.graph.inputs.find(({ name }) => name === 'input_ids')?.dims[1];
  for (const output of rewriter.graph.outputs) {
    if (output.dims.length < 2 || output.dims[1] === null || output.dims[1] !== length) continue;
    const slice = sliceTail(rewriter, `/delta/prompt/${output.name}`, output.name, count);
    rewriter.insertAfter([output.name], [slice]);
    rewriter.redirect(output.name, slice.outputs[0], new Set([slice]));
  }
}

/** Rows of the vocabulary drawn by seed and name: PEFT's SAMPLE_VOCAB. [count, width] */
export function vocabularyRows(
  table: Float32Array,
  vocabulary: number,
  width: number,
  count: number,
  seed: number,
  name: string,
): Float32Array {
  const stream = initialStream(seed, name);
  const rows = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const from = stream.below(vocabulary) * width;
    rows.set(table.subarray(from, from + width), row * width);
  }
  return rows;
}

/** What PEFT's prompt methods all say of the model. */
export function promptConfig({ config }: DeltaModel, count: number, width: number): Record<string, unknown> {
  return {
    num_virtual_tokens: count,
    token_dim: width,
    num_transformer_submodules: 1,
    num_attention_heads: config['num_attention_heads'] ?? config['n_heads'] ?? null,
    num_layers: config['num_hidden_layers'] ?? config['n_layers'] ?? null,
  };
}
