/**
 * ONNX file → SourceGraph. Weights are views into the file: nothing is copied but the small tensors
 * stored in typed fields. Normalises what `src/graph/source.ts` promises: constants and aliases of
 * initializers become initializers, every node has a unique name.
 *
 * Whether an operator is supported is not asked here: see `refuse.ts`.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataLocation } from 'onnx-buf';
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from 'onnx-buf';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Initializer, SourceGraph, SourceNode, ValueInfo } from '../graph/source.ts';
import { floatInitializer, intInitializer } from '../graph/tensor.ts';
import { readAttributes } from './read-attributes.ts';
import { externalRange, readTensor, type ExternalData, type ReadContext } from './read-tensor.ts';
import { sortedNodes } from './order.ts';
import { recogniseNonOnnx } from './sniff.ts';
import { elementTypeName, elementTypeOf } from './types.ts';

export interface OnnxModel {
  graph: SourceGraph;
  /** Version of each operator set by domain ('' is ONNX's own). */
  opsets: ReadonlyMap<string, number>;
  irVersion: number;
  producer: string;
  /** `metadata_props` of the model. */
  metadata: ReadonlyMap<string, string>;
  /** Names of functions the model defines itself, `domain:name`. */
  functions: readonly string[];
}

/**
 * Reads an ONNX model. `external` gives the bytes of a file named by external data, relative to the
 * model's folder. Throws StudioError for anything that is not a whole ONNX model.
 */
export function readModel(
  bytes: Uint8Array,
  external: ExternalData = () => undefined,
  file = 'model.onnx',
): OnnxModel {
  const proto = parseModel(bytes, file);
  const opsets = new Map(proto.opsetImport.map((o) => [onnxDomain(o.domain), Number(o.version)]));
  const opset = opsets.get('');
  if (opset === undefined)
    throw new StudioError('model', say`${file} names no ONNX operator set: it is damaged, export it again.`);
  const context = { file, external };
  return {
    graph: readGraph(proto.graph!, opset, context),
    opsets,
    irVersion: Number(proto.irVersion),
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(' '),
    metadata: new Map(proto.metadataProps.map((p) => [p.key, p.value])),
    functions: proto.functions.map((f) => `${f.domain}:${f.name}`),
  };
}

/** A part of a file that holds a tensor. */
export interface ExternalRange {
  /** Bytes. */
  offset: number;
  length: number;
}

/**
 * What a model keeps in other files: the parts of each, by the file's name relative to the model's folder.
 * Usually none. Tensors that share a part are listed once.
 */
export function externalRanges(bytes: Uint8Array, file = 'model.onnx'): Map<string, ExternalRange[]> {
  const found = new Map<string, Map<string, ExternalRange>>();
  const visit = (graph: GraphProto): void => {
    const tensors = [...graph.initializer];
    for (const node of graph.node)
      for (const attribute of node.attribute) {
        if (attribute.t) tensors.push(attribute.t);
        if (attribute.g) visit(attribute.g);
      }
    for (const tensor of tensors) {
      if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
      const { location, offset, length } = externalRange(tensor, tensor.name, file);
      const ranges = found.get(location) ?? new Map<string, ExternalRange>();
      found.set(location, ranges.set(`${offset} ${length}`, { offset, length }));
    }
  };
  visit(parseModel(bytes, file).graph!);
  return new Map([...found].map(([location, ranges]) => [location, [...ranges.values()]]));
}

/** Names of the files a model keeps its weights in, relative to its own folder; usually none. */
export function externalFiles(bytes: Uint8Array, file = 'model.onnx'): string[] {
  return [...externalRanges(bytes, file).keys()];
}

function parseModel(bytes: Uint8Array, file: string): ModelProto {
  const other = recogniseNonOnnx(bytes);
  if (other) throw new StudioError('model', say`${file} ${other.what}; ${other.remedy}.`);
  let proto: ModelProto;
  try {
    proto = fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch (cause) {
    throw new StudioError(
      'model',
      say`${file} is not a whole ONNX model (${bytes.byteLength} bytes): it is cut short or of another kind, download or export it again.`,
      { cause },
    );
  }
  if (!proto.graph || proto.graph.node.length === 0)
    throw new StudioError(
      'model',
      say`${file} is not a whole ONNX model: it holds no graph; download or export it again.`,
    );
  return proto;
}

function onnxDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/**
 * Reads a graph or a subgraph (the body of an If or Loop).
 * @param isBody a body may read values of the graph around it
 */
export function readGraph(
  proto: GraphProto,
  opset: number,
  context: ReadContext,
  isBody = false,
): SourceGraph {
  const initializers = new Map<string, Initializer>();
  for (const tensor of proto.initializer) initializers.set(tensor.name, readTensor(tensor, context));
  if (proto.sparseInitializer.length > 0)
    throw new StudioError(
      'unsupported',
      say`${context.file} stores sparse weights, which are not supported; export it with dense ones.`,
    );
  const graph: SourceGraph = {
    name: proto.name,
    opset,
    nodes: [],
    initializers,
    inputs: proto.input.filter((i) => !initializers.has(i.name)).map((i) => readValueInfo(i, context)),
    outputs: proto.output.map((o) => readValueInfo(o, context)),
  };
  const outputs = new Set(graph.outputs.map((o) => o.name));
  const names = new Map<string, number>();
  const given = new Set([...initializers.keys(), ...graph.inputs.map(({ name }) => name)]);
  for (const nodeProto of sortedNodes(proto, isBody ? null : given, context.file)) {
    const node = readNode(nodeProto, opset, context, names);
    const constant = constantOf(node, initializers, context);
    // A graph output must be computed by a node, so a constant that is one stays a node.
    if (constant && !outputs.has(constant.name)) initializers.set(constant.name, constant);
    else graph.nodes.push(node);
  }
  return graph;
}

function readNode(
  proto: NodeProto,
  opset: number,
  context: ReadContext,
  names: Map<string, number>,
): SourceNode {
  if (proto.opType === '')
    throw new StudioError(
      'model',
      say`${context.file}: a node (${proto.name || proto.output.join(', ') || say`without a name`}) has no operator, so the file is damaged; export the model again.`,
    );
  const wanted = proto.name || `${proto.opType}:${proto.output[0] ?? ''}`;
  let name = wanted;
  // Counted on from the last of the same name: any number of nodes may have one.
  let times = names.get(wanted) ?? 1;
  while (names.has(name)) name = `${wanted}#${++times}`;
  names.set(wanted, times).set(name, 1);
  const node: SourceNode = {
    name,
    op: proto.opType,
    domain: onnxDomain(proto.domain),
    inputs: [...proto.input],
    outputs: [...proto.output],
    attributes: readAttributes(proto, context, (body) => readGraph(body, opset, context, true)),
  };
  const scopes = proto.metadataProps.find((p) => p.key === 'pkg.torch.onnx.name_scopes');
  // A Python list of strings: ['', 'bert', 'bert.encoder', ...]
  if (scopes) node.scopes = [...scopes.value.matchAll(/'([^']*)'|"([^"]*)"/g)].map((m) => m[1] ?? m[2]);
  return node;
}

/** The initializer that a Constant node, or an Identity over an initializer, stands for. */
function constantOf(
  node: SourceNode,
  initializers: ReadonlyMap<string, Initializer>,
  context: ReadContext,
): Initializer | undefined {
  if (node.domain !== '') return undefined;
  const name = node.outputs[0];
  if (node.op === 'Identity') {
    const source = initializers.get(node.inputs[0]);
    return source && { ...source, name };
  }
  if (node.op !== 'Constant') return undefined;
  const { value, value_float, value_floats, value_int, value_ints } = node.attributes;
  if (typeof value === 'object' && 'bytes' in value) return { ...value, name };
  if (value_float !== undefined) return floatInitializer(name, [], Float32Array.of(value_float as number));
  if (value_floats !== undefined) {
    const data = Float32Array.from(value_floats as readonly number[]);
    return floatInitializer(name, [data.length], data);
  }
  if (value_int !== undefined) return intInitializer(name, [value_int as number], []);
  if (value_ints !== undefined) return intInitializer(name, value_ints as readonly number[]);
  throw new StudioError(
    'unsupported',
    say`${context.file}: the constant ${node.name} holds ${Object.keys(node.attributes).join(', ') || say`nothing`}, which is not a number; export the model without it.`,
    { where: node.name },
  );
}

function readValueInfo(proto: ValueInfoProto, context: ReadContext): ValueInfo {
  const type = proto.type?.value;
  if (type?.case !== 'tensorType')
    throw new StudioError(
      'unsupported',
      say`${context.file}: ${proto.name} is not a tensor (${type?.case ?? 'untyped'}); only tensors go in and out.`,
      { where: proto.name },
    );
  const element = elementTypeOf(type.value.elemType);
  if (!element)
    throw new StudioError(
      'unsupported',
      say`${context.file}: ${proto.name} has element type ${elementTypeName(type.value.elemType)}, which is not supported.`,
      { where: proto.name },
    );
  const dims = type.value.shape?.dim.map(({ value: dim }) => {
    if (dim.case === 'dimValue') return Number(dim.value);
    return dim.case === 'dimParam' && dim.value !== '' ? dim.value : null;
  });
  return { name: proto.name, type: element, dims: dims ?? [] };
}
