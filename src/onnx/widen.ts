/**
 * Half-precision models are trained in single precision: weights become float32, and the graph with
 * them, so that it stays a valid ONNX model. Float64 stays: exporters use it for constants only.
 */
import type {
  Attribute,
  ElementType,
  Initializer,
  SourceGraph,
  SourceNode,
  StoredBytes,
} from '../graph/source.ts';
import { bytesOf, floatsOf, placeOfBytes } from '../graph/tensor.ts';
import { elementTypeCode } from './types.ts';

export type HalfType = 'float16' | 'bfloat16';

const HALF: ReadonlySet<ElementType> = new Set(['float16', 'bfloat16']);
const HALF_CODES: ReadonlySet<Attribute> = new Set([elementTypeCode('float16'), elementTypeCode('bfloat16')]);

function isGraph(value: Attribute): value is SourceGraph {
  return typeof value === 'object' && 'nodes' in value;
}

function isTensor(value: Attribute): value is Initializer {
  return typeof value === 'object' && 'bytes' in value;
}

function widenTensor(tensor: Initializer): Initializer {
  if (!HALF.has(tensor.type)) return tensor;
  const { bytes } = tensor;
  if (bytes instanceof Uint8Array) return { ...tensor, type: 'float32', bytes: bytesOf(floatsOf(tensor)) };
  return { ...tensor, type: 'float32', bytes: new WidenedBytes(bytes, tensor.type as HalfType) };
}

/** Halves that stay in their file, as float32. */
export class WidenedBytes implements StoredBytes {
  declare protected readonly nominal: true;
  readonly byteLength: number;
  readonly place: object;
  readonly offset: number;
  /** Those of the file, and what they are. */
  readonly stored: StoredBytes;
  readonly type: HalfType;

  constructor(stored: StoredBytes, type: HalfType) {
    this.stored = stored;
    this.type = type;
    this.byteLength = 2 * stored.byteLength;
    this.place = stored.place;
    this.offset = stored.offset;
  }

  read(): Uint8Array<ArrayBuffer> {
    const floats = floatsOf({ name: '', type: this.type, dims: [], bytes: this.stored.read() });
    return bytesOf(floats) as Uint8Array<ArrayBuffer>;
  }
}

/** True when a graph holds float16 or bfloat16 anywhere it would matter. */
export function isHalf(graph: SourceGraph): boolean {
  return [...graph.initializers.values()].some((tensor) => HALF.has(tensor.type));
}

/** The same model in float32; `graph` itself when it has no half-precision weights. */
export function widenHalf(graph: SourceGraph): SourceGraph {
  return isHalf(graph) ? widenGraph(graph) : graph;
}

function widenGraph(graph: SourceGraph): SourceGraph {
  // Tensors that share bytes (exporters' aliases) go on sharing them.
  const seen = new Map<string, Initializer>();
  const initializers = new Map<string, Initializer>();
  for (const [name, tensor] of graph.initializers) {
    const { place, offset } = placeOfBytes(tensor.bytes);
    const key = `${offset}:${tensor.bytes.byteLength}:${tensor.type}`;
    const before = seen.get(key);
    const given = before && graph.initializers.get(before.name);
    const same = given !== undefined && placeOfBytes(given.bytes).place === place;
    const wide = same ? { ...tensor, type: before!.type, bytes: before!.bytes } : widenTensor(tensor);
    if (!same) seen.set(key, wide);
    initializers.set(name, wide);
  }
  const widenInfo = (info: SourceGraph['inputs'][number]) =>
    HALF.has(info.type) ? { ...info, type: 'float32' as const } : info;
  return {
    ...graph,
    initializers,
    nodes: withoutWidening(graph, graph.nodes.map(widenNode)),
    inputs: graph.inputs.map(widenInfo),
    outputs: graph.outputs.map(widenInfo),
  };
}

/**
 * Files that keep only their weights in half precision cast each to float32 where it is used; once the weight
 * is float32, its readers take it directly, so that it is seen to be one.
 */
function withoutWidening(graph: SourceGraph, nodes: readonly SourceNode[]): SourceNode[] {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const direct = new Map<string, string>();
  const kept = nodes.filter((node) => {
    const [input] = node.inputs;
    const type = graph.initializers.get(input)?.type;
    if (node.op !== 'Cast' || type === undefined || !HALF.has(type)) return true;
    if (node.attributes.to !== elementTypeCode('float32') || outputs.has(node.outputs[0])) return true;
    direct.set(node.outputs[0], input);
    return false;
  });
  if (direct.size === 0) return kept;
  return kept.map((node) => ({ ...node, inputs: node.inputs.map((name) => direct.get(name) ?? name) }));
}

function widenNode(node: SourceNode): SourceNode {
  const attributes = Object.entries(node.attributes).map(([name, value]): [string, Attribute] => {
    if (isGraph(value)) return [name, widenGraph(value)];
    if (isTensor(value)) return [name, widenTensor(value)];
    // `to` of Cast, `dtype` of generators and EyeLike, `stash_type` of LayerNormalization.
    if (/^(to|dtype|stash_type|output_datatype)$/.test(name) && HALF_CODES.has(value))
      return [name, elementTypeCode('float32')];
    return [name, value];
  });
  return { ...node, attributes: Object.fromEntries(attributes) };
}
