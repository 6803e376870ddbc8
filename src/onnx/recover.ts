/**
 * Gives parameters back the names their authors gave them.
 *
 * Exporters keep some names (`bert.pooler.dense.weight`), number others (`onnx::MatMul_302`, `val_51`),
 * store linear weights transposed, and store equal tensors once. For each *use* of a float initializer
 * the name is looked for in this order: the initializer's own; the module path in the node's name
 * (torchscript); the module scopes of the node (dynamo); the name of the bias added next; and last, for
 * exports without any names, the place in the order of layers (`positional.ts`).
 *
 * One initializer used under two names becomes two; equal ones under one name (ALBERT's shared layers)
 * become one.
 */
import { cloneSourceGraph } from '../graph/source.ts';
import type { Initializer, Parameter, SourceGraph, SourceNode } from '../graph/source.ts';
import { elementCount, isFloatType, sameTensor } from '../graph/tensor.ts';
import { isParameterName, linearModule, modulePath, stripMerged, withoutCallSuffixes } from './names.ts';
import { positionalNames, useKey } from './positional.ts';
import { tieOutputEmbedding } from './tie.ts';
import { allNodes, usesOf, type Use } from './walk.ts';

export interface Recovered {
  graph: SourceGraph;
  /** By recovered name, in the order the model first uses them. */
  parameters: Map<string, Parameter>;
}

/** A use of an initializer under a name. */
interface NamedUse extends Use {
  name: string | undefined;
  transposed: boolean;
}

/**
 * Renames the initializers of `graph` (which is not changed) to recovered parameter names.
 * `config` is the model's config.json; it serves the last resort and tied output embeddings.
 */
export function recoverParameters(
  source: SourceGraph,
  config: Readonly<Record<string, unknown>> = {},
): Recovered {
  const graph = cloneSourceGraph(source);
  const uses = usesOf(graph);
  const fallback = positionalNames(graph, config);
  const values = new Set([...allNodes(graph)].flatMap((node) => node.outputs));
  const initializers = new Map<string, Initializer>();
  const parameters = new Map<string, Parameter>();

  /** Adds a parameter, or finds it there already. Returns the name it goes by. */
  const place = (tensor: Initializer, wanted: string, transposed: boolean): string => {
    const base = withoutCallSuffixes(wanted);
    for (const name of base === wanted ? [wanted] : [base, wanted]) {
      const there = parameters.has(name) ? initializers.get(name) : undefined;
      if (there && sameTensor(there, tensor)) return name;
    }
    const taken = initializers.has(wanted) || values.has(wanted);
    const name = taken ? tensor.name : wanted;
    initializers.set(name, { ...tensor, name });
    parameters.set(name, { name, dims: tensor.dims, transposed, originalName: tensor.name });
    return name;
  };

  for (const tensor of graph.initializers.values()) {
    const named = isFloatType(tensor.type)
      ? (uses.get(tensor.name) ?? []).map((use) => nameUse(tensor, use, graph, uses, fallback))
      : [];
    separateSites(tensor, named);
    const first = named.find((use) => use.name !== undefined);
    if (!first) {
      initializers.set(tensor.name, tensor);
      continue;
    }
    for (const use of named) {
      const { name, transposed } = use.name === undefined ? first : use;
      use.node.inputs[use.index] = place(tensor, name!, transposed);
    }
  }
  graph.initializers = initializers;
  tieOutputEmbedding(graph, parameters, config);
  return { graph, parameters: inOrderOfUse(graph, parameters) };
}

/** The module of a norm that is written out, of which a cast to single precision took the tensors' names. */
function normModule(node: SourceNode): string | undefined {
  const module = modulePath(node);
  return module !== undefined && /(^|[._])(layer_?norm|norm)$/i.test(module.replace(/_\d+$/, ''))
    ? module
    : undefined;
}

/** Embeddings first, the head last: as the model computes. */
export function inOrderOfUse(
  graph: SourceGraph,
  parameters: ReadonlyMap<string, Parameter>,
): Map<string, Parameter> {
  const ordered = new Map<string, Parameter>();
  for (const node of allNodes(graph))
    for (const input of node.inputs) {
      const parameter = parameters.get(input);
      if (parameter) ordered.set(input, parameter);
    }
  return ordered;
}

/** The name of `tensor` at one place, and whether it is stored there as the transpose of the authors'. */
function nameUse(
  tensor: Initializer,
  { node, index }: Use,
  graph: SourceGraph,
  uses: ReadonlyMap<string, Use[]>,
  fallback: ReadonlyMap<string, string>,
): NamedUse {
  const stripped = stripMerged(tensor.name);
  const own = isParameterName(stripped) ? stripped : undefined;
  const given = (name: string | undefined, transposed = false): NamedUse => ({
    node,
    index,
    name: own ?? name ?? fallback.get(useKey(node, index)),
    transposed,
  });
  /** In the place of a weight even a tensor that nothing names is a parameter. */
  const weight = (name: string | undefined, transposed = false): NamedUse => {
    const use = given(name, transposed);
    return { ...use, name: use.name ?? tensor.name };
  };
  const leaf = (module: string | undefined, kind: string): string | undefined =>
    module === undefined ? undefined : `${module}.${kind}`;

  if (elementCount(tensor.dims) <= 1 && own === undefined) return given(undefined);
  switch (node.op) {
    case 'MatMul':
      if (index !== 1 || tensor.dims.length !== 2) break;
      return weight(leaf(linearModule(node, uses, graph.initializers), 'weight'), true);
    case 'Gemm':
      if (index === 1) return weight(leaf(modulePath(node), 'weight'), node.attributes.transB !== 1);
      if (index === 2) return weight(leaf(modulePath(node), 'bias'));
      break;
    case 'Transpose': {
      // A [out, in] weight transposed in the graph, as for tied output embeddings.
      const matmul = uses.get(node.outputs[0])?.find((u) => u.node.op === 'MatMul' && u.index === 1)?.node;
      return given(matmul && leaf(linearModule(matmul, uses, graph.initializers), 'weight'));
    }
    case 'Add': {
      const matmul = graph.nodes.find((n) => n.op === 'MatMul' && n.outputs[0] === node.inputs[1 - index]);
      if (matmul && tensor.dims.length === 1)
        return weight(leaf(linearModule(matmul, uses, graph.initializers), 'bias'));
      if (tensor.dims.length === 1) return given(leaf(normModule(node), 'bias'));
      break;
    }
    case 'Mul':
      if (tensor.dims.length === 1) return given(leaf(normModule(node), 'weight'));
      break;
    case 'LayerNormalization':
      if (index >= 1) return weight(leaf(modulePath(node), index === 1 ? 'weight' : 'bias'));
      break;
    case 'Gather':
      if (index === 0 && tensor.dims.length === 2) return weight(leaf(modulePath(node), 'weight'));
      break;
  }
  return given(undefined);
}

/**
 * A named vector (bias, LayerNorm) may have been merged with equal ones of other modules. When one of
 * its uses lies in the module it is named after and others do not, those others are other parameters.
 */
function separateSites(tensor: Initializer, uses: NamedUse[]): void {
  if (uses.length < 2 || tensor.dims.length !== 1) return;
  const own = stripMerged(tensor.name);
  if (!isParameterName(own)) return;
  const cut = own.lastIndexOf('.');
  const module = withoutCallSuffixes(own.slice(0, cut));
  const sites = uses.map((use) => modulePath(use.node));
  const isOwn = (site: string | undefined) =>
    site === undefined || `.${withoutCallSuffixes(site)}`.endsWith(`.${module}`);
  if (!sites.some((site) => site !== undefined && isOwn(site))) return;
  uses.forEach((use, i) => {
    if (!isOwn(sites[i])) use.name = `${sites[i]!}${own.slice(cut)}`;
  });
}
