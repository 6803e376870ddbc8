/** The output of a classifier whose exporter was told no names. */
import { isFloatType } from '../graph/tensor.ts';
import type { Parameter, SourceGraph } from '../graph/source.ts';
import { headOf } from './classify.ts';
import { outputLayer } from './head-layer.ts';
import { HEADS, NAMES } from './hidden-output.ts';

/**
 * Calls the one output of a classifier `logits`, in place, where an exporter that was told no names numbered it: a
 * matrix that a linear layer of a classifier makes.
 */
export function nameLogits(graph: SourceGraph, parameters: ReadonlyMap<string, Parameter>): void {
  const names = graph.outputs.map(({ name }) => name);
  if (names.some((name) => HEADS.test(name) || NAMES.includes(name))) return;
  const head = new Set(headOf(parameters.keys()));
  const made = graph.outputs.filter(({ name, type, dims }) => {
    const weight = isFloatType(type) && dims.length === 2 && outputLayer(graph, name)?.weight;
    return weight && head.has(weight);
  });
  if (made.length !== 1) return;
  const [{ name }] = made;
  const now = (value: string): string => (value === name ? 'logits' : value);
  graph.outputs = graph.outputs.map((output) => ({ ...output, name: now(output.name) }));
  for (const node of graph.nodes) {
    node.inputs = node.inputs.map(now);
    node.outputs = node.outputs.map(now);
  }
}
