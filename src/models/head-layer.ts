/** The last linear layer of a classifier: where it is and how its weights lie. */
import type { SourceGraph, SourceNode } from '../graph/source.ts';

export interface OutputLayer {
  weight: string;
  bias?: string;
  /** [out, in], as Hugging Face stores them, or [in, out]. */
  stored: 'outIn' | 'inOut';
  inFeatures: number;
  /** Numbers of labels. */
  outFeatures: number;
}

/** The linear layer that computes the value `output`; undefined when it is not one over parameters. */
export function outputLayer(graph: SourceGraph, output: string): OutputLayer | undefined {
  const producers = new Map<string, SourceNode>();
  for (const node of graph.nodes) for (const value of node.outputs) producers.set(value, node);
  let node = producers.get(output);
  while (node && (node.op === 'Identity' || node.op === 'Cast')) node = producers.get(node.inputs[0]);
  if (!node) return undefined;
  const isWeight = (name: string) => graph.initializers.get(name)?.dims.length === 2;
  if (node.op === 'Gemm' && isWeight(node.inputs[1]))
    return layer(graph, node.inputs[1], node.inputs[2], node.attributes.transB === 1 ? 'outIn' : 'inOut');
  let bias: string | undefined;
  if (node.op === 'Add') {
    bias = node.inputs.find((input) => graph.initializers.has(input));
    node = producers.get(node.inputs.find((input) => input !== bias)!);
  }
  if (node?.op !== 'MatMul') return undefined;
  if (isWeight(node.inputs[1])) return layer(graph, node.inputs[1], bias, 'inOut');
  const transpose = producers.get(node.inputs[1]);
  if (transpose?.op !== 'Transpose' || !isWeight(transpose.inputs[0])) return undefined;
  return layer(graph, transpose.inputs[0], bias, 'outIn');
}

function layer(
  graph: SourceGraph,
  weight: string,
  bias: string | undefined,
  stored: OutputLayer['stored'],
): OutputLayer {
  const [rows, columns] = graph.initializers.get(weight)!.dims;
  const [outFeatures, inFeatures] = stored === 'outIn' ? [rows, columns] : [columns, rows];
  return { weight, bias: bias === '' ? undefined : bias, stored, inFeatures, outFeatures };
}
