/**
 * What a method does to a linear of the model, whatever the method: its rewritten part of the graph is given the
 * identity, twice the identity and zeros, which tell a matrix and a bias, and whether it is these and nothing else.
 */
import { interpretSource } from '../../graph/interpret.ts';
import type { LinearSite } from '../../graph/roles.ts';
import { refTensor, type RefTensor } from '../../graph/reference/tensor.ts';
import type { SourceGraph } from '../../graph/source.ts';

export interface LinearPart {
  /** Nodes from the input to the output, with what they read. */
  graph: SourceGraph;
  input: string;
  output: string;
}

/** What a linear was changed by. */
export type LinearChange =
  | { kind: 'matrix'; /** Row-major [in, out]. */ change: Float32Array }
  /** Its bias changed too, or what stands for it now is no linear. */
  | { kind: 'bias' }
  | { kind: 'other' };

/**
 * The part of a graph from a linear's input to what stands for its output.
 * @returns null where that reads other values of the text too
 */
export function partOf(
  graph: SourceGraph,
  moved: ReadonlyMap<string, string>,
  site: LinearSite,
): LinearPart | null {
  const output = moved.get(site.output) ?? site.output;
  // What stands for the input may be the work of this method, or of one on the linear before it.
  const from = between(graph, site.input, output);
  const after = moved.get(site.input);
  return from ?? (after === undefined ? null : between(graph, after, output));
}

function between(graph: SourceGraph, input: string, output: string): LinearPart | null {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const wanted = new Set<string>();
  const nodes = new Set<SourceGraph['nodes'][number]>();
  const open = [output];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === '' || wanted.has(name)) continue;
    wanted.add(name);
    if (name === input) continue;
    const node = producers.get(name);
    if (node === undefined) {
      if (!graph.initializers.has(name)) return null;
      continue;
    }
    nodes.add(node);
    open.push(...node.inputs);
  }
  if (!wanted.has(input)) return null;
  return {
    graph: {
      ...graph,
      nodes: graph.nodes.filter((node) => nodes.has(node)),
      initializers: new Map([...graph.initializers].filter(([name]) => wanted.has(name))),
      inputs: [],
      outputs: [{ name: output, type: 'float32', dims: [] }],
    },
    input,
    output,
  };
}

/**
 * @param before the linear as the model has it
 * @param after as the method left it
 */
export function changeOf(before: LinearPart, after: LinearPart, site: LinearSite): LinearChange {
  const [was, is] = [before, after].map((part) => mapOf(part, site));
  if (was === null || is === null || !isLinear(is, after, site)) return { kind: 'other' };
  const scale = is.bias.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  if (is.bias.some((value, i) => Math.abs(value - was.bias[i]) > 1e-6 * scale)) return { kind: 'bias' };
  const change = Float32Array.from(is.matrix, (value, i) => value - was.matrix[i]);
  const size = was.matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // A weight that is taken apart and put together again differs in its last digits.
  const rounded = change.every((value) => Math.abs(value) <= 1e-6 * size);
  return { kind: 'matrix', change: rounded ? change.fill(0) : change };
}

interface LinearMap {
  /** [in, out] */
  matrix: Float64Array;
  /** [out] */
  bias: Float64Array;
}

function mapOf(part: LinearPart, { inFeatures, outFeatures }: LinearSite): LinearMap | null {
  const bias = run(part, new Float64Array(inFeatures), 1, inFeatures);
  const whole = run(part, identity(inFeatures, 1), inFeatures, inFeatures);
  if (bias?.length !== outFeatures || whole?.length !== inFeatures * outFeatures) return null;
  return { matrix: whole.map((value, i) => value - bias[i % outFeatures]), bias };
}

/** Twice what goes in gives twice what comes out, the bias aside. */
function isLinear({ matrix, bias }: LinearMap, part: LinearPart, { inFeatures }: LinearSite): boolean {
  const twice = run(part, identity(inFeatures, -2), inFeatures, inFeatures)!;
  const size = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  return twice.every((value, i) => Math.abs(value - bias[i % bias.length] + 2 * matrix[i]) <= 1e-5 * size);
}

function run(part: LinearPart, rows: Float64Array, count: number, width: number): Float64Array | null {
  const given: RefTensor = refTensor([1, count, width], rows);
  return interpretSource(part.graph, { [part.input]: given }).get(part.output)?.data ?? null;
}

function identity(size: number, value: number): Float64Array {
  const rows = new Float64Array(size * size);
  for (let i = 0; i < size; i++) rows[i * size + i] = value;
  return rows;
}
