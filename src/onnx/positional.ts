/**
 * Names by place in the order of layers: the last resort, for exports in which neither initializers nor
 * nodes have kept a name. The encoder's layers must be those config.json describes, in number, kind and
 * shape; otherwise nothing is named here.
 */
import { entryOf } from '../entry-of.ts';
import type { SourceGraph, SourceNode } from '../graph/source.ts';
import { isFloatType } from '../graph/tensor.ts';
import { isParameterName, modulePath } from './names.ts';
import { NAME_TABLES, type NameTable } from './name-tables.ts';
import { usesOf } from './walk.ts';

type Config = Readonly<Record<string, unknown>>;

/** Key of a use: the parameter that enters `node` at `index`. */
export function useKey(node: SourceNode, index: number): string {
  return `${index}:${node.name}`;
}

/** A linear layer or a norm: where its weight and bias enter. */
interface Site {
  kind: 'linear' | 'norm';
  /** Missing where it is a parameter of elsewhere: a tied output. */
  weight?: string;
  bias?: string;
  /** [in, out] of a linear layer. */
  features: readonly number[];
}

/** Parameter names by `useKey`. Empty unless the export has no names at all and fits config.json. */
export function positionalNames(graph: SourceGraph, config: Config): Map<string, string> {
  const table = entryOf(NAME_TABLES, config.model_type);
  if (!table || hasNames(graph)) return new Map();
  const sites = findSites(graph);
  const names = new Map<string, string>();
  const give = (site: Site, module: string) => {
    if (site.weight !== undefined) names.set(site.weight, `${module}.weight`);
    if (site.bias !== undefined) names.set(site.bias, `${module}.bias`);
  };
  const hidden = numberOf(config, 'hidden_size', 'dim');
  const inner = numberOf(config, 'intermediate_size', 'hidden_dim');
  const layers = numberOf(config, 'num_hidden_layers', 'n_layers');
  const square = [hidden, hidden];
  const shapes = [square, square, square, square, [hidden, inner], [inner, hidden]];

  // What each layer is made of, in the order of its computation: post-norm, as the whole family is.
  const expected: { kind: Site['kind']; name: string; features?: readonly number[] }[] = [];
  const linear = (i: number) => ({ kind: 'linear' as const, name: table.linears[i], features: shapes[i] });
  const norm = (i: number) => ({ kind: 'norm' as const, name: table.norms[i] });
  const layer = [linear(0), linear(1), linear(2), linear(3), norm(0), linear(4), linear(5), norm(1)];
  expected.push({ kind: 'norm', name: table.embeddingNorm });
  if (sites[1]?.kind === 'linear' && sites[1].features[0] !== hidden)
    expected.push({ kind: 'linear', name: table.project, features: [sites[1].features[0], hidden] });
  for (let i = 0; i < layers; i++)
    expected.push(...layer.map((part) => ({ ...part, name: part.name.replace('#', String(i)) })));

  const fits = expected.every(({ kind, features }, i) => {
    const site = sites.at(i);
    return (
      site?.kind === kind && (features === undefined || features.every((f, j) => f === site.features[j]))
    );
  });
  if (!fits) return new Map();
  const rest = sites.slice(expected.length);
  const head = rest.length === 0 ? [] : headNames(rest, graph, table);
  const prefix = rest.length === 0 ? '' : `${table.prefix}.`;
  expected.forEach(({ name }, i) => give(sites[i], prefix + name));
  rest.forEach((site, i) => head[i] && give(site, head[i]));
  const lastBias = rest.at(-1)?.bias;
  if (head === table.maskedLm && lastBias !== undefined) names.set(lastBias, table.maskedLmBias);
  nameEmbeddings(graph, config, table, prefix, names);
  return names;
}

function numberOf(config: Config, ...keys: string[]): number {
  const value = keys.map((key) => config[key]).find((v) => typeof v === 'number');
  return value ?? NaN;
}

function hasNames(graph: SourceGraph): boolean {
  for (const { name, type } of graph.initializers.values())
    if (isFloatType(type) && isParameterName(name)) return true;
  return graph.nodes.some((node) => modulePath(node) !== undefined);
}

function headNames(rest: readonly Site[], graph: SourceGraph, table: NameTable): readonly string[] {
  if (rest.some((site) => site.kind === 'norm')) return table.maskedLm;
  if (rest.length === 2) return table.classification;
  return graph.outputs.some((output) => output.name === 'start_logits') ? ['qa_outputs'] : ['classifier'];
}

/** Linear layers and norms over parameters, in the order of their nodes. */
function findSites(graph: SourceGraph): Site[] {
  const uses = usesOf(graph);
  const producer = new Map<string, SourceNode>();
  for (const node of graph.nodes) for (const value of node.outputs) producer.set(value, node);
  const dimsOf = (name: string | undefined) => graph.initializers.get(name ?? '')?.dims;
  /** The vector that `op` combines with `value`. */
  const vector = (value: string, op: string) =>
    uses
      .get(value)
      ?.find(({ node, index }) => node.op === op && dimsOf(node.inputs[1 - index])?.length === 1);

  const sites: Site[] = [];
  for (const node of graph.nodes) {
    const dims = dimsOf(node.inputs[1]);
    const tied =
      producer.get(node.inputs[1])?.op === 'Transpose' && !!dimsOf(producer.get(node.inputs[1])?.inputs[0]);
    if (node.op === 'MatMul' && (dims?.length === 2 || tied)) {
      const bias = vector(node.outputs[0], 'Add');
      sites.push({
        kind: 'linear',
        weight: tied ? undefined : useKey(node, 1),
        bias: bias && useKey(bias.node, 1 - bias.index),
        features: dims ?? [],
      });
    } else if (node.op === 'Gemm' && dims?.length === 2) {
      const features = node.attributes.transB === 1 ? [...dims].reverse() : dims;
      sites.push({ kind: 'linear', weight: useKey(node, 1), bias: useKey(node, 2), features });
    } else if (node.op === 'LayerNormalization' && dims) {
      sites.push({
        kind: 'norm',
        weight: useKey(node, 1),
        bias: useKey(node, 2),
        features: dims,
      });
    } else if (node.op === 'Div' && producer.get(node.inputs[1])?.op === 'Sqrt') {
      // x̂ = (x − mean) / √(variance + ε), written out; then · γ + β.
      const scale = vector(node.outputs[0], 'Mul');
      const shift = scale && vector(scale.node.outputs[0], 'Add');
      if (!shift) continue;
      const gamma = 1 - scale.index;
      const size = dimsOf(scale.node.inputs[gamma])!;
      sites.push({
        kind: 'norm',
        weight: useKey(scale.node, gamma),
        bias: useKey(shift.node, 1 - shift.index),
        features: size,
      });
    }
  }
  return sites;
}

/** Tables are told apart by their ids (`input_ids`, `token_type_ids`), positions are what is left. */
function nameEmbeddings(
  graph: SourceGraph,
  config: Config,
  table: NameTable,
  prefix: string,
  names: Map<string, string>,
): void {
  for (const node of graph.nodes) {
    const tensor = graph.initializers.get(node.inputs[0]);
    if (node.op !== 'Gather' || tensor?.dims.length !== 2 || !isFloatType(tensor.type)) continue;
    const [rows] = tensor.dims;
    const module =
      node.inputs[1] === 'input_ids'
        ? table.word
        : node.inputs[1] === 'token_type_ids' || rows !== numberOf(config, 'max_position_embeddings')
          ? table.tokenType
          : table.position;
    names.set(useKey(node, 0), `${prefix}${module}.weight`);
  }
}
