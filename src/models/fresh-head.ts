/**
 * A classifier for an encoder that has none: the mean of the text's attended tokens (or the first
 * token), a linear layer, tanh, a linear layer. Dynamic in batch and length, plain ONNX.
 *
 *   pooled[b] = Σₜ hidden[b,t] · mask[b,t] / Σₜ mask[b,t]        [batch, hidden]
 *   logits = tanh(pooled · Wᵈᵀ + bᵈ) · Wᵒᵀ + bᵒ                  [batch, labels]
 */
import { initialStream } from '../deltas/streams.ts';
import type { Initializer, SourceGraph, SourceNode } from '../graph/source.ts';
import { floatInitializer, intInitializer } from '../graph/tensor.ts';
import { elementTypeCode } from '../onnx/types.ts';

const PATH = '/classifier';
const FIRST_MEAN = `${PATH}/pool/Mul`;
const FIRST_TOKEN = `${PATH}/pool/Gather`;

export interface FreshHeadOptions {
  /** Encoder's last hidden state [batch, length, width]. */
  hidden: string;
  width: number;
  /** Numbers of labels. */
  outputs: number;
  pooling: 'mean' | 'first';
  seed: number;
}

/** Deviation of fresh weights, as Hugging Face initialises heads. */
const DEVIATION = 0.02;

/** A [out, in] weight of N(0, 0.02), its own stream by name, so that order never matters. */
export function freshWeight(name: string, out: number, inn: number, seed: number): Initializer {
  const stream = initialStream(seed, name);
  return floatInitializer(
    name,
    [out, inn],
    Float32Array.from({ length: out * inn }, () => stream.normal(DEVIATION)),
  );
}

/** A bias of zeros. */
export function freshBias(name: string, size: number): Initializer {
  return floatInitializer(name, [size], new Float32Array(size));
}

/** The hidden states that a fresh head in this graph reads; undefined when it has none of ours. */
export function freshHeadInput(graph: SourceGraph): string | undefined {
  return graph.nodes.find((node) => node.name === FIRST_MEAN || node.name === FIRST_TOKEN)?.inputs[0];
}

/** Adds the head's nodes and parameters to `graph`, in place. Its result is the value `logits`. */
export function addFreshHead(graph: SourceGraph, options: FreshHeadOptions): void {
  const { width, outputs, seed } = options;
  const add = (tensor: Initializer) => graph.initializers.set(tensor.name, tensor);
  add(freshWeight('classifier.dense.weight', width, width, seed));
  add(freshBias('classifier.dense.bias', width));
  add(freshWeight('classifier.out_proj.weight', outputs, width, seed));
  add(freshBias('classifier.out_proj.bias', outputs));
  const pooled =
    options.pooling === 'mean' ? meanPool(graph, options.hidden) : firstToken(graph, options.hidden);
  const linear = { alpha: 1, beta: 1, transB: 1 };
  graph.nodes.push(
    ...pooled.nodes,
    node('dense/Gemm', 'Gemm', [pooled.value, 'classifier.dense.weight', 'classifier.dense.bias'], linear),
    node('Tanh', 'Tanh', [`${PATH}/dense/Gemm_output_0`]),
    {
      ...node(
        'out_proj/Gemm',
        'Gemm',
        [`${PATH}/Tanh_output_0`, 'classifier.out_proj.weight', 'classifier.out_proj.bias'],
        linear,
      ),
      outputs: ['logits'],
    },
  );
}

function node(
  name: string,
  op: string,
  inputs: string[],
  attributes: SourceNode['attributes'] = {},
): SourceNode {
  const path = `${PATH}/${name}`;
  return { name: path, op, domain: '', inputs, outputs: [`${path}_output_0`], attributes };
}

function meanPool(graph: SourceGraph, hidden: string): { nodes: SourceNode[]; value: string } {
  const axis = (name: string, op: string, input: string, at: number, attributes = {}): SourceNode => {
    // From operator set 13 on axes are an input of these, before it an attribute.
    if (graph.opset < 13) return node(name, op, [input], { ...attributes, axes: [at] });
    const axes = intInitializer(`${PATH}/${name}/axes`, [at]);
    graph.initializers.set(axes.name, axes);
    return node(name, op, [input, axes.name], attributes);
  };
  const value = (name: string) => `${PATH}/pool/${name}_output_0`;
  // Shares [batch, length, 1] depend on the mask alone and are small.
  const nodes = [
    node('pool/Cast', 'Cast', ['attention_mask'], { to: elementTypeCode('float32') }),
    axis('pool/ReduceSum', 'ReduceSum', value('Cast'), 1, { keepdims: 1 }),
    node('pool/Div', 'Div', [value('Cast'), value('ReduceSum')]),
    axis('pool/Unsqueeze', 'Unsqueeze', value('Div'), 2),
    node('pool/Mul', 'Mul', [hidden, value('Unsqueeze')]),
    axis('pool/ReduceSum_1', 'ReduceSum', value('Mul'), 1, { keepdims: 0 }),
  ];
  return { nodes, value: value('ReduceSum_1') };
}

function firstToken(graph: SourceGraph, hidden: string): { nodes: SourceNode[]; value: string } {
  const index = intInitializer(`${FIRST_TOKEN}/index`, [0], []);
  graph.initializers.set(index.name, index);
  const gather = node('pool/Gather', 'Gather', [hidden, index.name], { axis: 1 });
  return { nodes: [gather], value: gather.outputs[0] };
}
