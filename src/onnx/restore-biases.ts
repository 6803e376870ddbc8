/**
 * Biases that an exporter left out. PyTorch's dynamo exporter and graph optimisers drop a bias that is all zeros
 * (a freshly initialised model's are), and with it what would have been trained. They come back as zeros where
 * the layer had one: in architectures whose linear layers and norms all have biases, and where the same layer of
 * another block has its own.
 */
import { ELEMENT_BYTES } from '../graph/tensor.ts';
import type { Initializer, Parameter, SourceGraph, SourceNode } from '../graph/source.ts';
import { inOrderOfUse } from './recover.ts';
import { usesOf, type Use } from './walk.ts';

/** `model_type`s in which every linear layer and every LayerNorm has a bias (transformers' modeling files). */
const ALL_BIASED: ReadonlySet<string> = new Set([
  'albert',
  'bert',
  'camembert',
  'distilbert',
  'electra',
  'ernie',
  'mpnet',
  'roberta',
  'roberta-prelayernorm',
  'xlm-roberta',
]);

/** Output layers whose bias belongs to the module around them, or is theirs under another name. */
const OUTPUT_BIASES: readonly (readonly [module: RegExp, bias: string])[] = [
  [/^cls\.predictions\.decoder$/, 'cls.predictions.bias'],
  [/^lm_head\.decoder$/, 'lm_head.bias'],
  [/^predictions\.decoder$/, 'predictions.bias'],
];

/**
 * Puts missing biases back, in place. @returns their names
 * @param parameters recovered ones; those put back are added
 */
export function restoreBiases(
  graph: SourceGraph,
  parameters: Map<string, Parameter>,
  config: Readonly<Record<string, unknown>>,
): string[] {
  const allBiased = typeof config.model_type === 'string' && ALL_BIASED.has(config.model_type);
  const patterns = new Set([...parameters.keys()].filter((name) => name.endsWith('.bias')).map(anyLayer));
  const uses = usesOf(graph);
  const restored: string[] = [];
  for (const node of [...graph.nodes]) {
    const site = siteOf(node, parameters);
    if (site === null || hasBias(node, uses, graph)) continue;
    const bias = biasName(site.module);
    if (!allBiased && !patterns.has(anyLayer(bias))) continue;
    if (!parameters.has(bias)) {
      if (graph.initializers.has(bias)) continue;
      const { type } = graph.initializers.get(site.weight)!;
      const tensor: Initializer = {
        name: bias,
        type,
        dims: [site.size],
        bytes: new Uint8Array(site.size * ELEMENT_BYTES[type]),
      };
      graph.initializers.set(bias, tensor);
      parameters.set(bias, { name: bias, dims: tensor.dims, transposed: false, originalName: bias });
      restored.push(bias);
    }
    addBias(graph, node, bias);
  }
  if (restored.length === 0) return restored;
  const ordered = inOrderOfUse(graph, parameters);
  parameters.clear();
  for (const [name, parameter] of ordered) parameters.set(name, parameter);
  return restored;
}

interface Site {
  weight: string;
  /** `bert.pooler.dense` */
  module: string;
  /** Numbers in the bias. */
  size: number;
}

/** A linear layer over a parameter of the authors' naming, or a LayerNorm. */
function siteOf(node: SourceNode, parameters: ReadonlyMap<string, Parameter>): Site | null {
  const weight = node.inputs[1] ?? '';
  const parameter = parameters.get(weight);
  if (!parameter || !weight.endsWith('.weight')) return null;
  const { dims } = parameter;
  const module = weight.slice(0, -'.weight'.length);
  if (node.op === 'LayerNormalization' && dims.length === 1) return { weight, module, size: dims[0] };
  if (dims.length !== 2) return null;
  if (node.op === 'Gemm') return { weight, module, size: dims[node.attributes.transB === 1 ? 0 : 1] };
  // Word embeddings are multiplied by too, where the output is tied to them.
  return node.op === 'MatMul' && parameter.transposed ? { weight, module, size: dims[1] } : null;
}

function hasBias(node: SourceNode, uses: ReadonlyMap<string, readonly Use[]>, graph: SourceGraph): boolean {
  if (node.op !== 'MatMul') return (node.inputs[2] ?? '') !== '';
  return (uses.get(node.outputs[0]) ?? []).some(
    (use) =>
      use.node.op === 'Add' && graph.initializers.get(use.node.inputs[1 - use.index])?.dims.length === 1,
  );
}

function biasName(module: string): string {
  return OUTPUT_BIASES.find(([pattern]) => pattern.test(module))?.[1] ?? `${module}.bias`;
}

/** The name with its layer's number left open. */
function anyLayer(name: string): string {
  return name.replace(/\.\d+\./g, '.#.');
}

function addBias(graph: SourceGraph, node: SourceNode, bias: string): void {
  if (node.op !== 'MatMul') {
    node.inputs = [node.inputs[0], node.inputs[1], bias];
    if (node.op === 'Gemm') node.attributes = { ...node.attributes, beta: 1 };
    return;
  }
  const [result] = node.outputs;
  const product = `${result}/product`;
  node.outputs = [product];
  graph.nodes.splice(graph.nodes.indexOf(node) + 1, 0, {
    name: `${node.name}/Add`,
    op: 'Add',
    domain: '',
    inputs: [product, bias],
    outputs: [result],
    attributes: {},
    ...(node.scopes && { scopes: node.scopes }),
  });
}
