/**
 * Merged decoders: Optimum joins a decoder that starts from nothing and one that continues from cached keys
 * and values in a single `If`. Training starts from nothing, so that branch is all we keep.
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { SourceGraph, SourceNode } from '../graph/source.ts';
import { pruneGraph } from './prune.ts';
import { allNodes, bodiesOf } from './walk.ts';

const CACHE_INPUT = /^past_key_values?\.|^use_cache_branch$/;

/** True for a graph that is an `If` between two decoders. */
export function isMerged(graph: SourceGraph): boolean {
  return graph.nodes.some((node) => node.op === 'If' && bodiesOf(node).some(readsCache));
}

/**
 * The branch without cached keys and values, in place of the `If`. Changes `graph`.
 * @param file for messages
 * @throws StudioError('unsupported') when no branch does without the cache
 */
export function takeBranchWithoutCache(graph: SourceGraph, file: string): void {
  graph.nodes = graph.nodes.flatMap((node) => (node.op === 'If' ? inlined(node, graph, file) : [node]));
  resolveAliases(graph);
  graph.inputs = graph.inputs.filter(({ name }) => !CACHE_INPUT.test(name));
  pruneGraph(graph);
}

function readsCache(body: SourceGraph): boolean {
  for (const node of allNodes(body)) if (node.inputs.some((input) => CACHE_INPUT.test(input))) return true;
  return body.outputs.some(({ name }) => CACHE_INPUT.test(name));
}

function inlined(node: SourceNode, graph: SourceGraph, file: string): SourceNode[] {
  const body = bodiesOf(node).find((candidate) => !readsCache(candidate));
  if (!body)
    throw new StudioError(
      'unsupported',
      say`${file}: both branches of ${node.name} continue from cached keys and values, and training starts without; put decoder_model.onnx of the same export beside it.`,
      { where: node.name },
    );
  const names = new Map(body.outputs.map(({ name }, i) => [name, node.outputs[i]]));
  const now = (name: string): string => names.get(name) ?? name;
  for (const [name, tensor] of body.initializers) graph.initializers.set(name, tensor);
  return body.nodes.map((inner) => ({
    ...inner,
    inputs: inner.inputs.map(now),
    outputs: inner.outputs.map(now),
  }));
}

/** What was an alias of a weight outside the branch is an initializer of its own, as `readModel` has it. */
function resolveAliases(graph: SourceGraph): void {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  graph.nodes = graph.nodes.filter((node) => {
    const [name] = node.outputs;
    const tensor = node.op === 'Identity' ? graph.initializers.get(node.inputs[0]) : undefined;
    if (!tensor || outputs.has(name)) return true;
    graph.initializers.set(name, { ...tensor, name });
    return false;
  });
}
