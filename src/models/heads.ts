/** Makes a model compute what a task needs: keeps its classifier, resizes it, or gives it a fresh one. */
import { StudioError } from '../errors.ts';
import { field, say, type Sentence } from '../sentence.ts';
import { cloneSourceGraph } from '../graph/source.ts';
import type { Initializer, Parameter, SourceGraph, SourceNode } from '../graph/source.ts';
import { floatInitializer, floatsOf, transposed } from '../graph/tensor.ts';
import { analyse } from '../graph/analyse.ts';
import { hiddenOutput } from './hidden-output.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { headOf, isHeadModule } from './classify.ts';
import { addFreshHead, freshBias, freshWeight } from './fresh-head.ts';
import { outputLayer } from './head-layer.ts';
import type { Model } from './model.ts';

export interface TaskOptions {
  task: 'classification' | 'regression';
  /** Names of the classes by index; not used by a regression, which has one output. */
  labels: readonly string[];
  /** What a fresh head reads. */
  pooling?: 'mean' | 'first';
  /** Seed of fresh weights. */
  seed: number;
  /** The last layer starts anew even where it has the right size. */
  fresh?: boolean;
}

/**
 * A model whose output `logits` is [batch, labels] ([batch, 1] for a regression). A classifier of the
 * right size stays as it is, unless it is to start anew; of another size it keeps all but its last layer; any other export gets a
 * fresh head on its last hidden state and loses the head it had. What was done stands in `notes`.
 * @throws StudioError when the last hidden state cannot be found
 */
export function prepareForTask(model: Model, options: TaskOptions): Model {
  const labels = options.task === 'regression' ? [] : [...options.labels];
  const outputs = options.task === 'regression' ? 1 : labels.length;
  if (options.task === 'classification' && labels.length < 2)
    throw new StudioError(
      'data',
      labels.length === 1
        ? say`A classification needs at least two labels and there is one, "${labels[0]}"; check the label column.`
        : say`A classification needs at least two labels and there are none; check the label column.`,
      { where: 'data.columns.label' },
    );
  const last = model.task === 'classification' ? outputLayer(model.graph, 'logits') : undefined;
  if (!last || model.head.length === 0) return { ...withFreshHead(model, outputs, options), labels };
  const alone = withLogitsAlone(model);
  if (last.outFeatures === outputs && options.fresh !== true) return { ...alone, labels };
  return { ...withResizedHead(alone, outputs, options.seed), labels };
}

/** Hidden states and whatever else an export gives beside its logits are not computed. */
function withLogitsAlone(model: Model): Model {
  if (model.graph.outputs.length === 1) return model;
  const graph = cloneSourceGraph(model.graph);
  graph.outputs = graph.outputs.filter(({ name }) => name === 'logits');
  pruneGraph(graph);
  return { ...model, graph, parameters: parametersOf(graph, model.parameters) };
}

function withResizedHead(model: Model, outputs: number, seed: number): Model {
  const graph = cloneSourceGraph(model.graph);
  const last = outputLayer(graph, 'logits')!;
  const weight = freshWeight(last.weight, outputs, last.inFeatures, seed);
  replace(graph, last.stored === 'outIn' ? weight : transpose(weight));
  if (last.bias !== undefined) replace(graph, freshBias(last.bias, outputs));
  graph.outputs = graph.outputs.map((output) =>
    output.name === 'logits' ? { ...output, dims: [output.dims[0], outputs] } : output,
  );
  const note =
    last.outFeatures === outputs
      ? say`The last layer ${last.weight} of the classifier of ${model.file} starts anew, as ${field('model.head')} asks.`
      : last.outFeatures === 1
        ? say`The classifier of ${model.file} has 1 output and the data needs ${outputs}, so its last layer ${last.weight} starts anew.`
        : say`The classifier of ${model.file} has ${last.outFeatures} outputs and the data needs ${outputs}, so its last layer ${last.weight} starts anew.`;
  return {
    ...model,
    graph,
    parameters: parametersOf(graph, model.parameters),
    notes: [...model.notes, note],
  };
}

function withFreshHead(model: Model, outputs: number, options: TaskOptions): Model {
  const graph = cloneSourceGraph(model.graph);
  const pooling = options.pooling ?? 'mean';
  const hidden = lastHiddenState(model, graph);
  const width = hiddenWidth(model, graph, hidden);
  const batch = graph.inputs.find((input) => input.name === 'input_ids')?.dims[0] ?? null;
  if (pooling === 'mean' && !graph.inputs.some((input) => input.name === 'attention_mask'))
    throw new StudioError(
      'model',
      say`${model.file} has no input attention_mask, which the mean over a text's tokens needs; set ${field('model.pooling')} to "first" or export the model with it.`,
      { where: 'model.pooling' },
    );
  // Cut first, so that nothing of the head that goes shares a name with the one that comes.
  graph.outputs = [{ name: hidden, type: 'float32', dims: [batch, null, width] }];
  pruneGraph(graph);
  addFreshHead(graph, { hidden, width, outputs, pooling, seed: options.seed });
  graph.outputs = [{ name: 'logits', type: 'float32', dims: [batch, outputs] }];
  const parameters = parametersOf(graph, model.parameters);
  const lost = [...model.parameters.keys()].filter((name) => !parameters.has(name));
  const notes = [...model.notes, freshNote(model, pooling)];
  const modules = [...new Set(lost.map((name) => name.split('.')[0]))];
  if (lost.length > 0)
    notes.push(
      lost.length === 1
        ? say`1 tensor of the old head (${modules.join(', ')}) is not needed here and is left out.`
        : say`${lost.length} tensors of the old head (${modules.join(', ')}) are not needed here and are left out.`,
    );
  return {
    ...model,
    graph,
    parameters,
    task: 'classification',
    head: headOf(parameters.keys()),
    freshHead: { hidden },
    notes,
  };
}

const EXPORTED_FOR: Readonly<Record<Model['task'], Sentence>> = {
  classification: say`with a classifier that is not a linear layer`,
  features: say`without a head`,
  questionAnswering: say`for question answering`,
  tokens: say`for labelling tokens`,
  maskedLm: say`for filling masks`,
  text2text: say`for text to text`,
  unknown: say`for something else`,
};

function freshNote(model: Model, pooling: 'mean' | 'first'): Sentence {
  const reads = pooling === 'mean' ? say`the mean of the text's tokens` : say`the first token`;
  return say`${model.file} was exported ${EXPORTED_FOR[model.task]}, so it gets a fresh classifier over ${reads}.`;
}

/** The value [batch, length, hidden] that leaves the encoder: an output, or what the old head reads. */
function lastHiddenState(model: Model, graph: SourceGraph): string {
  const output = hiddenOutput(graph);
  if (output !== undefined) return output;
  const readsHead = (node: SourceNode) =>
    node.inputs.some((input) => model.parameters.has(input) && isHeadModule(input));
  // The first linear layer of a head per token multiplies the hidden states themselves.
  const first = graph.nodes.find((node) => readsHead(node) && (node.op === 'MatMul' || node.op === 'Gemm'));
  if (first && model.task !== 'classification' && model.task !== 'unknown') return first.inputs[0];
  // Outputs that say nothing: the structure does.
  const names = graph.outputs.map((one) => one.name);
  const encoderOutput = structuralOutput(model, graph, names);
  if (encoderOutput !== '') return encoderOutput;
  throw untold(model, names);
}

function untold({ file }: Model, names: readonly string[], cause?: StudioError): StudioError {
  return new StudioError(
    'unsupported',
    say`${file}: the encoder's last hidden state cannot be told from the outputs ${names.join(', ')}, nor from the graph; give one of them the name last_hidden_state.`,
    { where: 'model.source', cause },
  );
}

/** The encoder's result as the layers show it; what pools it to one vector may be what is not understood. */
function structuralOutput(model: Model, graph: SourceGraph, names: readonly string[]): string {
  try {
    return analyse(graph, model.parameters, model.config).encoderOutput;
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    // Several that may be it: what was not understood pools one of them, and is not the matter.
    if (graph.outputs.filter(({ dims }) => dims.length === 3).length > 1) throw untold(model, names, error);
    if (!graph.outputs.every(({ dims }) => dims.length === 2)) throw error;
    throw new StudioError(
      'unsupported',
      say`${model.file} gives a vector for each text (${names.join(', ')}) and not the hidden states of its tokens; export it with them too, by the name token_embeddings.`,
      { where: 'model.source', cause: error },
    );
  }
}

/** Width of the hidden states: config.json's, else that of the parameter vector that made them. */
function hiddenWidth(model: Model, graph: SourceGraph, hidden: string): number {
  const { hidden_size, dim, d_model, n_embd } = model.config;
  const given = hidden_size ?? dim ?? d_model ?? n_embd;
  if (typeof given === 'number') return given;
  const producer = graph.nodes.find((node) => node.outputs.includes(hidden));
  for (const input of producer?.inputs ?? []) {
    const dims = graph.initializers.get(input)?.dims;
    if (dims?.length === 1 && dims[0] > 1) return dims[0];
  }
  throw new StudioError(
    'model',
    say`The width of ${model.file}'s hidden states is not known; put the model's config.json (hidden_size) beside it.`,
    { where: 'config.json' },
  );
}

function replace(graph: SourceGraph, tensor: Initializer): void {
  graph.initializers.set(tensor.name, tensor);
}

function transpose(tensor: Initializer): Initializer {
  const [rows, columns] = tensor.dims;
  return floatInitializer(tensor.name, [columns, rows], transposed(floatsOf(tensor), rows, columns));
}

/** Parameters after a rewrite: those that are left, with their dims, and the fresh head's. */
export function parametersOf(
  graph: SourceGraph,
  before: ReadonlyMap<string, Parameter>,
): Map<string, Parameter> {
  const after = new Map<string, Parameter>();
  for (const [name, parameter] of before) {
    const tensor = graph.initializers.get(name);
    if (tensor) after.set(name, { ...parameter, dims: tensor.dims });
  }
  for (const name of graph.initializers.keys())
    if (!after.has(name) && /^classifier\.(dense|out_proj)\.(weight|bias)$/.test(name)) {
      const { dims } = graph.initializers.get(name)!;
      after.set(name, { name, dims, transposed: false, originalName: name });
    }
  return after;
}
