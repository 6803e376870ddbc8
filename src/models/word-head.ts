/**
 * A fill-mask model as a classifier by label words (Schick & Schütze 2021; Gao et al. 2021): the language-model
 * head at the masked place, its logits those of the words alone.
 *
 *   at[b] = Σₜ [input_ids[b,t] = mask] · hidden[b,t]          [batch, 1, hidden]
 *   logits = head(at) · W[words]ᵀ + bias[words]               [batch, labels]
 *
 * The place is found in the graph, so virtual tokens before the text move it along. Only the words' rows of the
 * (usually tied) output embedding are read.
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import { cloneSourceGraph } from '../graph/source.ts';
import type { SourceGraph, SourceNode } from '../graph/source.ts';
import { intInitializer } from '../graph/tensor.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { elementTypeCode } from '../onnx/types.ts';
import { isHeadModule } from './classify.ts';
import { parametersOf } from './heads.ts';
import { outputLayer, type OutputLayer } from './head-layer.ts';
import type { Model } from './model.ts';

export interface WordHeadOptions {
  /** Id of the mask token; every row of a batch holds it once. */
  maskId: number;
  /** Token of each label's word, in the order of the outputs. */
  wordIds: readonly number[];
  /** Names of the labels, in the same order. */
  labels: readonly string[];
}

const PATH = '/words';

/**
 * The model with an output `logits` [batch, labels].
 * @throws StudioError('model') for an export without a language-model head, ('unsupported') for one whose head
 *   cannot be told from its graph
 */
export function withWordHead(model: Model, { maskId, wordIds, labels }: WordHeadOptions): Model {
  if (model.task !== 'maskedLm')
    throw new StudioError(
      'model',
      say`${model.file} has no language-model head, which the task "maskedLm" answers with; export the model for filling masks (\`--task fill-mask\`) or choose the task "classification".`,
      { where: 'model.source' },
    );
  const graph = cloneSourceGraph(model.graph);
  const last = outputLayer(graph, 'logits');
  const first = firstOfHead(model, graph);
  const [enters] = last ? multiplication(graph, last) : [];
  if (!last || !first || enters === undefined) throw headUnknown(model);
  const batch = graph.inputs.find(({ name }) => name === 'input_ids')?.dims[0] ?? null;
  // The whole vocabulary's logits make way for those of the words.
  graph.nodes = graph.nodes.filter(({ outputs }) => !outputs.includes('logits'));
  pickMasked(graph, first, maskId);
  answerWithWords(graph, enters, last, wordIds);
  graph.outputs = [{ name: 'logits', type: 'float32', dims: [batch, wordIds.length] }];
  pruneGraph(graph);
  const parameters = parametersOf(graph, model.parameters);
  const words = labels.map((label) => `"${label}"`).join(', ');
  return {
    ...model,
    graph,
    parameters,
    labels: [...labels],
    head: [],
    languageModelHead: [...parameters.keys()].filter(isHeadModule),
    notes: [
      ...model.notes,
      say`The language-model head of ${model.file} answers, by one word for each of ${words}.`,
    ],
  };
}

/** The first linear layer behind the encoder: it multiplies the last hidden states. */
function firstOfHead(model: Model, graph: SourceGraph): SourceNode | undefined {
  return graph.nodes.find(
    ({ op, inputs }) =>
      (op === 'MatMul' || op === 'Gemm') &&
      inputs.some((input) => model.parameters.has(input) && isHeadModule(input)),
  );
}

/** What the output layer multiplies. */
function multiplication(graph: SourceGraph, { weight }: OutputLayer): string[] {
  const producer = (value: string) => graph.nodes.find(({ outputs }) => outputs.includes(value));
  let node = producer('logits');
  for (;;) {
    if (!node) return [];
    if (node.op === 'MatMul' || node.op === 'Gemm') return node.inputs;
    const next = node.inputs.find((input) => input !== weight && !graph.initializers.has(input));
    node = next === undefined ? undefined : producer(next);
  }
}

/** Lets the head read the hidden states at the mask alone: [batch, 1, hidden]. */
function pickMasked(graph: SourceGraph, first: SourceNode, maskId: number): void {
  const mask = constant(graph, 'mask', [maskId], []);
  const at = axisNode(graph, 'Unsqueeze', value('Cast'), 1);
  const nodes = [
    node('Equal', 'Equal', ['input_ids', mask]),
    node('Cast', 'Cast', [value('Equal')], { to: elementTypeCode('float32') }),
    at,
    node('MatMul', 'MatMul', [at.outputs[0], first.inputs[0]]),
  ];
  graph.nodes.splice(graph.nodes.indexOf(first), 0, ...nodes);
  first.inputs = [value('MatMul'), ...first.inputs.slice(1)];
}

/** The words' logits, from what enters the output layer. */
function answerWithWords(
  graph: SourceGraph,
  enters: string,
  last: OutputLayer,
  wordIds: readonly number[],
): void {
  const words = constant(graph, 'ids', [...wordIds], [wordIds.length]);
  const rows: SourceNode[] = [];
  let table = last.weight;
  if (last.stored === 'inOut') {
    rows.push(node('table/Transpose', 'Transpose', [table], { perm: [1, 0] }));
    table = value('table/Transpose');
  }
  rows.push(
    node('Gather', 'Gather', [table, words], { axis: 0 }),
    node('Transpose', 'Transpose', [value('Gather')], { perm: [1, 0] }),
    node('MatMul_1', 'MatMul', [enters, value('Transpose')]),
  );
  let logits = value('MatMul_1');
  if (last.bias !== undefined) {
    rows.push(
      node('bias/Gather', 'Gather', [last.bias, words], { axis: 0 }),
      node('Add', 'Add', [logits, value('bias/Gather')]),
    );
    logits = value('Add');
  }
  graph.nodes.push(...rows, { ...axisNode(graph, 'Squeeze', logits, 1), outputs: ['logits'] });
}

function value(name: string): string {
  return `${PATH}/${name}_output_0`;
}

function node(
  name: string,
  op: string,
  inputs: string[],
  attributes: SourceNode['attributes'] = {},
): SourceNode {
  return { name: `${PATH}/${name}`, op, domain: '', inputs, outputs: [value(name)], attributes };
}

/** From operator set 13 on axes are an input of these, before it an attribute. */
function axisNode(graph: SourceGraph, op: 'Unsqueeze' | 'Squeeze', input: string, axis: number): SourceNode {
  if (graph.opset < 13) return node(op, op, [input], { axes: [axis] });
  return node(op, op, [input, constant(graph, `${op}/axes`, [axis], [1])]);
}

function constant(graph: SourceGraph, name: string, data: number[], dims: number[]): string {
  const tensor = intInitializer(`${PATH}/${name}`, data, dims);
  graph.initializers.set(tensor.name, tensor);
  return tensor.name;
}

function headUnknown(model: Model): StudioError {
  return new StudioError(
    'unsupported',
    say`${model.file}: its language-model head is not the linear layers that the task "maskedLm" needs; export the model with Optimum (\`--task fill-mask\`).`,
    { where: 'model.source' },
  );
}
