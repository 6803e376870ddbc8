/**
 * What exporters leave of the authors' names: module paths in node names (torchscript), in scopes
 * (dynamo), and in the names of the biases that follow.
 */
import type { Initializer, SourceNode } from '../graph/source.ts';
import type { Use } from './walk.ts';

/** `bert.pooler.dense.weight`: dotted, neither a path nor the exporter's own numbering. */
export function isParameterName(name: string): boolean {
  return /^[A-Za-z_][\w-]*(\.[\w-]+)+$/.test(name);
}

/** Names without optimum's mark of merged decoders. */
export function stripMerged(name: string): string {
  return name.replace(/_merged_\d+/g, '');
}

/**
 * The second and later calls of one module carry `_1`, `_2` in its path. Without them, two paths of
 * one module are equal; but `wi_0` and `wi_1` are names, so this only ever serves to compare.
 */
export function withoutCallSuffixes(name: string): string {
  return name
    .split('.')
    .map((part) => part.replace(/_\d+$/, ''))
    .join('.');
}

/** Module path of a node: `/bert/pooler/dense/Gemm` → `bert.pooler.dense`; undefined when it records none. */
export function modulePath(node: SourceNode): string | undefined {
  if (node.name.startsWith('/')) {
    const parts = node.name.split('/').slice(1, -1);
    return parts.length > 0 ? parts.join('.') : undefined;
  }
  const scope = node.scopes?.at(-2);
  return scope === '' ? undefined : scope;
}

/** Module of the bias that is added to a MatMul's result: `X` of `X.bias`. */
export function biasModule(
  matmul: SourceNode,
  uses: ReadonlyMap<string, Use[]>,
  initializers: ReadonlyMap<string, Initializer>,
): string | undefined {
  for (const { node, index } of uses.get(matmul.outputs[0]) ?? []) {
    if (node.op !== 'Add') continue;
    const bias = initializers.get(node.inputs[1 - index]);
    const name = bias && stripMerged(bias.name);
    if (name && isParameterName(name) && name.endsWith('.bias')) return name.slice(0, -'.bias'.length);
  }
  return undefined;
}

/**
 * Module of a linear layer from its MatMul or Gemm: its own path, unless the bias says the same place
 * more exactly (a shared module called again, or a wrapper's prefix on one of the two); with no path,
 * what the bias says.
 */
export function linearModule(
  node: SourceNode,
  uses: ReadonlyMap<string, Use[]>,
  initializers: ReadonlyMap<string, Initializer>,
): string | undefined {
  const path = modulePath(node);
  const bias = biasModule(node, uses, initializers);
  if (path === undefined || bias === undefined) return path ?? bias;
  const a = `.${withoutCallSuffixes(path)}`;
  const b = `.${withoutCallSuffixes(bias)}`;
  return a.endsWith(b) || b.endsWith(a) ? bias : path;
}
