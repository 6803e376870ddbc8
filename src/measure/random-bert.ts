/**
 * A BERT classifier of any size with random weights, as a source graph of the shape exporters write: the same
 * tensors, by Hugging Face's names, go into every engine that is compared.
 */
import type { DeltaModel } from '../deltas/delta.ts';
import { streamOf } from '../deltas/streams.ts';
import { analyse } from '../graph/analyse.ts';
import type { Attribute, Initializer, Parameter, SourceGraph } from '../graph/source.ts';
import { floatInitializer, intInitializer, scalarInitializer } from '../graph/tensor.ts';

export interface BertConfig {
  hidden: number;
  layers: number;
  heads: number;
  /** Width of the feed-forward part. */
  inner: number;
  vocabulary: number;
  positions: number;
  types: number;
  labels: number;
  epsilon: number;
}

/** A small BERT: heads of 32 (of 64 from BERT-base's width on), a feed-forward part four times as wide. */
export function bertConfig(hidden: number, layers = 4): BertConfig {
  return {
    hidden,
    layers,
    heads: hidden / (hidden < 768 ? 32 : 64),
    inner: 4 * hidden,
    vocabulary: 8192,
    positions: 512,
    types: 2,
    labels: 2,
    epsilon: 1e-12,
  };
}

export interface BertTensor {
  name: string;
  dims: number[];
  data: Float32Array;
  /** A linear's weight, stored [in, out] (Hugging Face stores [out, in]). */
  linear: boolean;
}

const DEVIATION = 0.02;

/** N(0, 0.02) by Marsaglia's xorshift and Box–Muller: weights of no importance, made fast. */
export function normals(name: string, length: number): Float32Array {
  let state = streamOf(name) | 1;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 1) / 4294967297;
  };
  return Float32Array.from(
    { length },
    () => DEVIATION * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/**
 * All tensors in order: weights N(0, 0.02), biases zero, norms one.
 * @param draw what weights hold, where only their sizes matter
 */
export function bertTensors(
  config: BertConfig,
  draw: (name: string, length: number) => Float32Array = normals,
): BertTensor[] {
  const tensors: BertTensor[] = [];
  const { hidden, inner } = config;
  const normal = (name: string, dims: number[], linear: boolean): void => {
    const length = dims.reduce((n, d) => n * d, 1);
    tensors.push({ name, dims, linear, data: draw(name, length) });
  };
  const vector = (name: string, size: number, value: number): void => {
    tensors.push({ name, dims: [size], linear: false, data: new Float32Array(size).fill(value) });
  };
  const linear = (module: string, from: number, to: number): void => {
    normal(`${module}.weight`, [from, to], true);
    vector(`${module}.bias`, to, 0);
  };
  const norm = (module: string): void => {
    vector(`${module}.weight`, hidden, 1);
    vector(`${module}.bias`, hidden, 0);
  };
  normal('bert.embeddings.word_embeddings.weight', [config.vocabulary, hidden], false);
  normal('bert.embeddings.position_embeddings.weight', [config.positions, hidden], false);
  normal('bert.embeddings.token_type_embeddings.weight', [config.types, hidden], false);
  norm('bert.embeddings.LayerNorm');
  for (let i = 0; i < config.layers; i++) {
    const layer = `bert.encoder.layer.${i}`;
    for (const part of ['query', 'key', 'value']) linear(`${layer}.attention.self.${part}`, hidden, hidden);
    linear(`${layer}.attention.output.dense`, hidden, hidden);
    norm(`${layer}.attention.output.LayerNorm`);
    linear(`${layer}.intermediate.dense`, hidden, inner);
    linear(`${layer}.output.dense`, inner, hidden);
    norm(`${layer}.output.LayerNorm`);
  }
  linear('bert.pooler.dense', hidden, hidden);
  linear('classifier', hidden, config.labels);
  return tensors;
}

/** Writes nodes one after the other; a node's name is that of its output. */
class GraphWriter {
  declare protected readonly nominal: true;
  readonly graph: SourceGraph;

  constructor(tensors: readonly BertTensor[], config: BertConfig) {
    const ids = { type: 'int64' as const, dims: ['batch_size', 'sequence_length'] };
    const initializers = tensors.map(({ name, dims, data }) => [name, floatInitializer(name, dims, data)]);
    this.graph = {
      name: 'bert',
      opset: 17,
      nodes: [],
      initializers: new Map(initializers as [string, Initializer][]),
      inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({ name, ...ids })),
      outputs: [{ name: 'logits', type: 'float32', dims: ['batch_size', config.labels] }],
    };
  }

  add(output: string, op: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    this.graph.nodes.push({ name: output, op, domain: '', inputs, outputs: [output], attributes });
    return output;
  }

  ints(name: string, values: number[], dims?: number[]): string {
    this.graph.initializers.set(name, intInitializer(name, values, dims));
    return name;
  }

  scalar(name: string, value: number): string {
    this.graph.initializers.set(name, scalarInitializer(name, value));
    return name;
  }
}

/** The source graph, eager attention and GELU by erf written out as PyTorch's exporter does. */
export function bertGraph(config: BertConfig, tensors = bertTensors(config)): SourceGraph {
  const writer = new GraphWriter(tensors, config);
  const add = writer.add.bind(writer);
  const linear = (path: string, x: string, module: string): string =>
    add(`${path}/Add`, 'Add', [add(`${path}/MatMul`, 'MatMul', [x, `${module}.weight`]), `${module}.bias`]);
  const norm = (x: string, module: string): string =>
    add(`/${module}/LayerNormalization`, 'LayerNormalization', [x, `${module}.weight`, `${module}.bias`], {
      axis: -1,
      epsilon: config.epsilon,
    });
  const { hidden, heads } = config;
  const zero = writer.ints('zero', [0]);
  const one = writer.ints('one', [1]);

  // Embeddings: the first T of a constant row of position ids.
  const length = add('/length', 'Gather', [add('/Shape', 'Shape', ['input_ids']), writer.ints('at', [1])]);
  const rows = Array.from({ length: config.positions }, (_, i) => i);
  const all = writer.ints('positions', rows, [1, config.positions]);
  const positions = add('/position_ids', 'Slice', [all, zero, length, one]);
  const embedding = (kind: string, ids: string): string =>
    add(`/embeddings/${kind}/Gather`, 'Gather', [`bert.embeddings.${kind}_embeddings.weight`, ids]);
  const words = add('/embeddings/Add', 'Add', [
    embedding('word', 'input_ids'),
    embedding('token_type', 'token_type_ids'),
  ]);
  let x = norm(
    add('/embeddings/Add_1', 'Add', [words, embedding('position', positions)]),
    'bert.embeddings.LayerNorm',
  );

  // The mask as an additive bias [batch, 1, 1, length].
  const wide = add('/mask/Unsqueeze', 'Unsqueeze', ['attention_mask', writer.ints('axes', [1, 2])]);
  const kept = add('/mask/Cast', 'Cast', [wide], { to: 1 });
  const hiddenAway = add('/mask/Sub', 'Sub', [writer.scalar('unity', 1), kept]);
  const mask = add('/mask/Mul', 'Mul', [hiddenAway, writer.scalar('lowest', -3.4028234663852886e38)]);

  const split = writer.ints('split', [0, 0, heads, hidden / heads]);
  const merged = writer.ints('merged', [0, 0, hidden]);
  const root = writer.scalar('root', Math.sqrt(hidden / heads));
  const [sqrt2, half] = [writer.scalar('sqrt2', Math.SQRT2), writer.scalar('half', 0.5)];
  for (let i = 0; i < config.layers; i++) {
    const layer = `bert.encoder.layer.${i}`;
    const path = `/layer.${i}`;
    const [q, k, v] = (['query', 'key', 'value'] as const).map((part) => {
      const y = linear(`${path}/${part}`, x, `${layer}.attention.self.${part}`);
      const perm = part === 'key' ? [0, 2, 3, 1] : [0, 2, 1, 3];
      const apart = add(`${path}/${part}/Reshape`, 'Reshape', [y, split]);
      return add(`${path}/${part}/Transpose`, 'Transpose', [apart], { perm });
    });
    const scores = add(`${path}/Div`, 'Div', [add(`${path}/scores`, 'MatMul', [q, k]), root]);
    const masked = add(`${path}/mask/Add`, 'Add', [scores, mask]);
    const weights = add(`${path}/Softmax`, 'Softmax', [masked], { axis: -1 });
    const context = add(`${path}/context`, 'MatMul', [weights, v]);
    const back = add(`${path}/Transpose`, 'Transpose', [context], { perm: [0, 2, 1, 3] });
    const joined = add(`${path}/Reshape`, 'Reshape', [back, merged]);
    const o = linear(`${path}/output`, joined, `${layer}.attention.output.dense`);
    x = norm(add(`${path}/residual`, 'Add', [o, x]), `${layer}.attention.output.LayerNorm`);

    const z = linear(`${path}/intermediate`, x, `${layer}.intermediate.dense`);
    const erf = add(`${path}/Erf`, 'Erf', [add(`${path}/gelu/Div`, 'Div', [z, sqrt2])]);
    const sum = add(`${path}/gelu/Add`, 'Add', [erf, 'unity']);
    const gelu = add(`${path}/gelu/half`, 'Mul', [add(`${path}/gelu/Mul`, 'Mul', [z, sum]), half]);
    const out = linear(`${path}/ffn`, gelu, `${layer}.output.dense`);
    x = norm(add(`${path}/residual_1`, 'Add', [out, x]), `${layer}.output.LayerNorm`);
  }

  const first = add('/pooler/Gather', 'Gather', [x, writer.ints('first', [0], [])], { axis: 1 });
  const pooled = add('/pooler/Tanh', 'Tanh', [linear('/pooler', first, 'bert.pooler.dense')]);
  const product = add('/classifier/MatMul', 'MatMul', [pooled, 'classifier.weight']);
  add('logits', 'Add', [product, 'classifier.bias']);
  return writer.graph;
}

/** The model as the methods take it. */
export function bertModel(config: BertConfig, tensors = bertTensors(config)): DeltaModel {
  const graph = bertGraph(config, tensors);
  const parameters = new Map<string, Parameter>();
  for (const { name, dims, linear } of tensors)
    parameters.set(name, { name, dims, transposed: linear, originalName: name });
  const names = {
    model_type: 'bert',
    num_attention_heads: config.heads,
    num_hidden_layers: config.layers,
    max_position_embeddings: config.positions,
  };
  return {
    graph,
    parameters,
    roles: analyse(graph, parameters, names),
    head: ['classifier.weight', 'classifier.bias'],
    config: names,
  };
}
