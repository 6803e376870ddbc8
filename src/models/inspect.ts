/** What `delta inspect` prints: a model's architecture, tensors and what rules it out, as plain JSON. */
import { english } from '../sentence.ts';
import type { Roles } from '../graph/roles.ts';
import type { ValueInfo } from '../graph/source.ts';
import type { Unsupported } from '../onnx/refuse.ts';
import { allNodes } from '../onnx/walk.ts';
import { countParameters, type Model } from './model.ts';

export interface TensorReport {
  /** Recovered name. */
  name: string;
  /** Name in the file. */
  originalName: string;
  type: string;
  /** As stored in the graph. */
  shape: readonly number[];
  /** True when Hugging Face stores the transpose of it. */
  storedTransposed: boolean;
  bytes: number;
  /** Part of the classifier's head. */
  head: boolean;
}

export interface Inspection {
  source: string;
  file: string;
  family: string;
  /** What the graph computes. */
  task: string;
  architecture: {
    layers: number | null;
    hidden: number | null;
    heads: number | null;
    intermediate: number | null;
    vocabulary: number | null;
    positions: number | null;
  };
  opset: number;
  /** Operator sets by domain; '' is ONNX's own. */
  opsets: Record<string, number>;
  producer: string;
  hash: string;
  parameters: { count: number; bytes: number; tensors: number };
  labels: readonly string[];
  head: readonly string[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** How often each operator occurs, most frequent first. */
  operators: Record<string, number>;
  tensors: TensorReport[];
  /** Null when the graph was not analysed. */
  roles: Roles | null;
  supported: boolean;
  /** Clauses and remedies in English. */
  unsupported: readonly UnsupportedReport[];
  notes: readonly string[];
}

/** What rules a model out, in English. */
export type UnsupportedReport = Record<keyof Unsupported, string>;

/**
 * Describes a model. Nothing in the answer shares memory with it but the roles.
 * @param roles what the analysis of the graph found, if it was made
 * @param alsoUnsupported what the analysis could not take
 */
export function inspectModel(
  model: Model,
  roles: Roles | null = null,
  alsoUnsupported: readonly Unsupported[] = [],
): Inspection {
  const { graph, config } = model;
  const head = new Set(model.head);
  const tensors = [...model.parameters.values()].map(({ name, originalName, transposed }): TensorReport => {
    const { type, dims, bytes } = graph.initializers.get(name)!;
    return {
      name,
      originalName,
      type,
      shape: [...dims],
      storedTransposed: transposed,
      bytes: bytes.byteLength,
      head: head.has(name),
    };
  });
  const unsupported = [...model.unsupported, ...alsoUnsupported].map(({ node, op, why, remedy }) => ({
    node,
    op,
    why: english(why),
    remedy: english(remedy),
  }));
  const number = (...keys: string[]) =>
    keys.map((key) => config[key]).find((value) => typeof value === 'number') ?? null;
  return {
    source: model.source,
    file: model.file,
    family: model.family,
    task: model.task,
    architecture: {
      layers: number('num_hidden_layers', 'n_layers') ?? roles?.layers.encoder ?? null,
      hidden: number('hidden_size', 'dim') ?? roles?.hidden ?? null,
      heads: number('num_attention_heads', 'n_heads') ?? roles?.attentions[0]?.heads ?? null,
      intermediate: number('intermediate_size', 'hidden_dim'),
      vocabulary: number('vocab_size'),
      positions: number('max_position_embeddings'),
    },
    opset: graph.opset,
    opsets: Object.fromEntries(model.opsets),
    producer: model.producer,
    hash: model.hash,
    parameters: {
      count: countParameters(model),
      bytes: tensors.reduce((sum, tensor) => sum + tensor.bytes, 0),
      tensors: tensors.length,
    },
    labels: [...model.labels],
    head: [...model.head],
    inputs: graph.inputs.map((info) => ({ ...info, dims: [...info.dims] })),
    outputs: graph.outputs.map((info) => ({ ...info, dims: [...info.dims] })),
    operators: operatorCounts(model),
    tensors,
    roles,
    supported: unsupported.length === 0,
    unsupported,
    notes: model.notes.map(english),
  };
}

function operatorCounts({ graph }: Model): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { op, domain } of allNodes(graph)) {
    const name = domain === '' ? op : `${domain}.${op}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}
