/**
 * Exports carry no dropout. This rewrite puts ONNX `Dropout` nodes where the architecture had them:
 * after the embeddings, on attention probabilities, after attention and feed-forward outputs, before
 * the classifier; in a T5 also inside feed-forward and after the last norm of each stack. Analyse the result anew before deltas rewrite it: its roles then speak of the values
 * after dropout.
 */
import { entryOf } from '../entry-of.ts';
import { scalarInitializer } from './tensor.ts';
import type { Roles } from './roles.ts';
import { cloneSourceGraph } from './source.ts';
import type { SourceGraph, SourceNode } from './source.ts';

/** Sub-layers whose output the authors' code does not drop (transformers' modelling files). */
const NO_DROPOUT: Readonly<Record<string, RegExp>> = {
  // MultiHeadSelfAttention drops probabilities only.
  distilbert: /\.self$/,
  // AlbertLayer adds its feed-forward output as it is.
  albert: /\.ffn$/,
};

/**
 * @param roles roles of `graph`
 * @param rate probability of zeroing an element, in [0, 1)
 * @param config the model's config.json; `model_type` tells what the architecture left out
 * @returns a rewritten copy; `graph` itself where the rate is 0
 */
export function insertDropout(
  graph: SourceGraph,
  roles: Roles,
  rate: number,
  config: Readonly<Record<string, unknown>> = {},
): SourceGraph {
  if (rate === 0) return graph;
  const result = cloneSourceGraph(graph);
  const rewrite = new DropoutRewrite(result, rate);
  const none = entryOf(NO_DROPOUT, config['model_type']);
  for (const norm of roles.norms) if (norm.role === 'embeddings.norm') rewrite.drop(norm.output);
  if (roles.layers.decoder > 0) {
    for (const { role, output } of roles.embeddings) if (role === 'embeddings.word') rewrite.drop(output);
    for (const { role, output } of roles.norms) if (/^(en|de)coder\.norm$/.test(role)) rewrite.drop(output);
    for (const { role, input, matmul } of roles.linears)
      if (role.endsWith('.ffn.out')) rewrite.drop(input, (node) => node.name === matmul);
  }
  for (const { probabilities } of roles.attentions)
    if (probabilities) rewrite.drop(probabilities, (node) => node.op === 'MatMul');
  for (const { role, output, add } of roles.sublayers)
    if (!none?.test(role)) rewrite.drop(output, (node) => node.name === add);
  for (const { role, module, input, matmul } of roles.linears)
    if (role.startsWith('head.') && isClassifier(module)) rewrite.drop(input, (node) => node.name === matmul);
  return result;
}

/** `classifier`, `score` and their parts; not DistilBERT's `pre_classifier`. */
function isClassifier(module: string): boolean {
  return module.split('.').some((part) => part === 'classifier' || part === 'score');
}

class DropoutRewrite {
  private readonly graph: SourceGraph;
  private readonly rate: number;
  private count = 0;

  constructor(graph: SourceGraph, rate: number) {
    this.graph = graph;
    this.rate = rate;
  }

  /** Drops the value on its way to the nodes that `concerns` (all of them, when omitted). */
  drop(value: string, concerns: (node: SourceNode) => boolean = () => true): void {
    const { nodes } = this.graph;
    const readers = nodes.filter((node) => node.inputs.includes(value) && concerns(node));
    if (readers.length === 0) return;
    const dropped = `${value}/dropout`;
    const node = this.node(value, dropped);
    for (const reader of readers)
      reader.inputs = reader.inputs.map((name) => (name === value ? dropped : name));
    nodes.splice(nodes.indexOf(readers[0]), 0, node);
  }

  private node(input: string, output: string): SourceNode {
    const base = { name: `dropout.${++this.count}`, op: 'Dropout', domain: '', outputs: [output] };
    // The rate became an input with operator set 12.
    if (this.graph.opset < 12) return { ...base, inputs: [input], attributes: { ratio: this.rate } };
    const ratio = 'dropout.ratio';
    if (!this.graph.initializers.has(ratio))
      this.graph.initializers.set(ratio, scalarInitializer(ratio, this.rate));
    return { ...base, inputs: [input, ratio], attributes: {} };
  }
}
