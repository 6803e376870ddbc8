/** Removes what no output needs any more, after a rewrite has cut something off. */
import type { SourceGraph, SourceNode } from '../graph/source.ts';
import { allNodes, bodiesOf } from './walk.ts';

/** Values a node reads, those its bodies read from outside included. */
function readsOf(node: SourceNode): string[] {
  return [
    ...node.inputs,
    ...bodiesOf(node).flatMap((body) => [
      ...[...allNodes(body)].flatMap((inner) => inner.inputs),
      ...body.outputs.map((output) => output.name),
    ]),
  ];
}

/** Drops nodes and initializers that do not lead to an output, in place. Inputs stay. */
export function pruneGraph(graph: SourceGraph): void {
  const needed = new Set(graph.outputs.map((output) => output.name));
  const kept: SourceNode[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (!node.outputs.some((output) => needed.has(output))) continue;
    kept.push(node);
    for (const value of readsOf(node)) needed.add(value);
  }
  graph.nodes = kept.reverse();
  for (const name of [...graph.initializers.keys()]) if (!needed.has(name)) graph.initializers.delete(name);
}
