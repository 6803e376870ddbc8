/** Walks over a source graph and the graphs inside it (bodies of If and Loop). */
import type { Attribute, SourceGraph, SourceNode } from '../graph/source.ts';

function isGraph(attribute: Attribute): attribute is SourceGraph {
  return typeof attribute === 'object' && 'nodes' in attribute;
}

/** The graphs in a node's attributes. */
export function bodiesOf(node: SourceNode): SourceGraph[] {
  return Object.values(node.attributes).filter(isGraph);
}

/** Every node, bodies included, in order. */
export function* allNodes(graph: SourceGraph): Generator<SourceNode> {
  for (const node of graph.nodes) {
    yield node;
    for (const body of bodiesOf(node)) yield* allNodes(body);
  }
}

/** One place where a value enters a node. */
export interface Use {
  node: SourceNode;
  index: number;
}

/** The uses of every value, bodies included. */
export function usesOf(graph: SourceGraph): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const node of allNodes(graph))
    node.inputs.forEach((input, index) => {
      if (input === '') return;
      const list = uses.get(input);
      if (list) list.push({ node, index });
      else uses.set(input, [{ node, index }]);
    });
  return uses;
}
