/**
 * Baking: a delta whose files hold what an encoder gives (P-tuning, projected prefixes) becomes one that has
 * those rows as tensors, and no encoder. What is saved, what is loaded, and what a later stage builds on.
 */
import { interpretSource } from '../graph/interpret.ts';
import { floatInitializer } from '../graph/tensor.ts';
import { cloneSourceGraph } from '../graph/source.ts';
import type { SourceGraph } from '../graph/source.ts';
import type { Composition } from './compose.ts';
import type { BakedTensor, Delta } from './delta.ts';

type Values = ReadonlyMap<string, Float32Array>;

/**
 * What the baked values are, in double precision until they are stored.
 * @param trained tensors by name; others keep what the graph holds
 */
export function bakedValues({ graph, baked }: Delta, trained: Values): Map<string, Float32Array> {
  const out = new Map<string, Float32Array>();
  for (const { value, name } of baked ?? []) {
    const part = producersOf(graph, value);
    const initializers = new Map(
      [...part.initializers].map(([key, own]) => {
        const values = trained.get(key);
        return [key, values === undefined ? own : floatInitializer(key, own.dims, values)];
      }),
    );
    const given = interpretSource({ ...part, initializers }, {}).get(value)!;
    out.set(name, Float32Array.from(given.data));
  }
  return out;
}

/**
 * @param trained tensors by name, the encoders' among them; others keep what the graph holds
 * @returns the delta without its encoders, and the trained tensors it then has
 */
export function bake(
  delta: Composition,
  trained: Values,
): { delta: Composition; values: Map<string, Float32Array> } {
  const values = new Map(trained);
  if (!delta.baked?.length) return { delta, values };
  const graph = cloneSourceGraph(delta.graph);
  const rows = bakedValues(delta, trained);
  for (const { value, name, dims } of delta.baked) {
    graph.initializers.set(name, floatInitializer(name, dims, rows.get(name)!));
    for (const node of graph.nodes)
      node.inputs = node.inputs.map((input) => (input === value ? name : input));
    values.set(name, rows.get(name)!);
  }
  const gone = dropUnread(delta.graph, delta.baked, graph);
  for (const name of gone) values.delete(name);
  const without = (part: Delta): Delta => ({
    ...part,
    graph,
    tensors: [
      ...part.tensors.filter(({ name }) => !gone.has(name)),
      ...(part.baked ?? []).map(({ name, dims, file }) => ({ name, dims, file, data: rows.get(name)! })),
    ],
    baked: undefined,
    given: undefined,
  });
  return { delta: { ...without(delta), parts: delta.parts.map(without) }, values };
}

/**
 * The delta's graph for an export: weights that it computes anew from the model's own stand under their names, and
 * what computed them is gone.
 * @param graph with the trained values in it
 */
export function foldWeights(graph: SourceGraph, folds: Delta['folds'] = []): SourceGraph {
  if (folds.length === 0) return graph;
  const folded = cloneSourceGraph(graph);
  for (const { parameter, value } of folds) {
    const part = producersOf(graph, value);
    const { dims } = graph.initializers.get(parameter)!;
    const { data } = interpretSource(part, {}).get(value)!;
    const gone = new Set(part.nodes.map(({ name }) => name));
    folded.nodes = folded.nodes.filter(({ name }) => !gone.has(name));
    // Whoever reads the weight as it was keeps it.
    const name = folded.nodes.some(({ inputs }) => inputs.includes(parameter)) ? value : parameter;
    folded.initializers.set(name, floatInitializer(name, dims, Float32Array.from(data)));
    for (const node of folded.nodes)
      node.inputs = node.inputs.map((input) => (input === value ? name : input));
  }
  const read = new Set(folded.nodes.flatMap(({ inputs }) => inputs));
  for (const { name } of folded.outputs) read.add(name);
  for (const name of graph.initializers.keys())
    if (name.startsWith('delta.') && !read.has(name)) folded.initializers.delete(name);
  return folded;
}

/** The nodes a value is computed by and the initializers they read. */
function producersOf(graph: SourceGraph, value: string): SourceGraph {
  const wanted = new Set([value]);
  const nodes = [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((output) => wanted.has(output))) return false;
    for (const input of node.inputs) wanted.add(input);
    return true;
  });
  const initializers = new Map([...graph.initializers].filter(([name]) => wanted.has(name)));
  const outputs = [{ name: value, type: 'float32' as const, dims: [] }];
  return { ...graph, nodes: nodes.reverse(), initializers, inputs: [], outputs };
}

/** Takes the encoders out of `graph`; returns the names of their initializers. */
function dropUnread(from: SourceGraph, baked: readonly BakedTensor[], graph: SourceGraph): Set<string> {
  const encoders = baked.map(({ value }) => producersOf(from, value));
  const nodes = new Set(encoders.flatMap((encoder) => encoder.nodes.map(({ name }) => name)));
  graph.nodes = graph.nodes.filter(({ name }) => !nodes.has(name));
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const gone = new Set<string>();
  for (const encoder of encoders) {
    for (const name of encoder.initializers.keys()) {
      if (read.has(name)) continue;
      graph.initializers.delete(name);
      gone.add(name);
    }
  }
  return gone;
}
