/**
 * SourceGraph → ONNX file. Everything but the weights goes through protobuf; the weights, nearly all of
 * the bytes, are laid straight into the one buffer that is returned, so a model is in memory once more,
 * not four times. No value_info is written: shapes stay for the reader to infer, so none can be stale.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Attribute, Initializer, SourceGraph, SourceNode, ValueInfo } from '../graph/source.ts';
import { heldBytes } from '../graph/tensor.ts';
import { isFloatAttribute } from './attribute-kinds.ts';
import { elementTypeCode } from './types.ts';
import { allNodes } from './walk.ts';

/** Protobuf's own limit is 2 GB for a message; stay clear of it. */
const MAX_BYTES = 1.5e9;

/** The oldest file format version that has an operator set: https://onnx.ai/onnx/repo-docs/Versioning.html */
function irVersionOf(opset: number): number {
  if (opset <= 11) return 6;
  if (opset <= 14) return 7;
  if (opset <= 18) return 8;
  if (opset <= 20) return 9;
  return 10;
}

export interface WriteOptions {
  /** Versions of operator sets other than ONNX's own; 1 where not given. */
  opsets?: ReadonlyMap<string, number>;
  /** `metadata_props` of the model. */
  metadata?: Readonly<Record<string, string>>;
  /** Limit on the weights in bytes, above which the file is refused. */
  maxBytes?: number;
}

/** Writes a model. Throws StudioError when its weights do not fit into one file. */
export function writeModel(graph: SourceGraph, options: WriteOptions = {}): Uint8Array<ArrayBuffer> {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const tensors = [...graph.initializers.values()];
  const weightBytes = tensors.reduce((sum, tensor) => sum + tensor.bytes.byteLength, 0);
  if (weightBytes > maxBytes)
    throw new StudioError(
      'unsupported',
      say`The model's weights take ${(weightBytes / 1e9).toPrecision(3)} GB and one ONNX file holds ${(maxBytes / 1e9).toPrecision(3)} GB here; save the trained tensors as safetensors instead.`,
    );
  const domains = new Set([...allNodes(graph)].map((node) => node.domain).filter((domain) => domain !== ''));
  const head = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(irVersionOf(graph.opset)),
      producerName: 'delta-studio',
      opsetImport: [
        { domain: '', version: BigInt(graph.opset) },
        ...[...domains].map((domain) => ({ domain, version: BigInt(options.opsets?.get(domain) ?? 1) })),
      ],
      metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    }),
  );
  const body = toBinary(GraphProtoSchema, graphProto({ ...graph, initializers: new Map() }));
  const headers = tensors.map((tensor) => toBinary(TensorProtoSchema, tensorProto(tensor, false)));

  // Wire format: a field is a varint (number << 3 | 2), a varint length, the bytes.
  const RAW_DATA = 9;
  const INITIALIZER = 5;
  const GRAPH = 7;
  const tensorSize = (i: number) => headers[i].byteLength + fieldSize(RAW_DATA, tensors[i].bytes.byteLength);
  const graphSize = tensors.reduce(
    (sum, _, i) => sum + fieldSize(INITIALIZER, tensorSize(i)),
    body.byteLength,
  );
  const out = new Uint8Array(head.byteLength + fieldSize(GRAPH, graphSize));
  let at = 0;
  const put = (bytes: Uint8Array) => {
    out.set(bytes, at);
    at += bytes.byteLength;
  };
  const open = (field: number, length: number) => {
    put(varint(field * 8 + 2));
    put(varint(length));
  };
  put(head);
  open(GRAPH, graphSize);
  put(body);
  tensors.forEach((tensor, i) => {
    open(INITIALIZER, tensorSize(i));
    put(headers[i]);
    open(RAW_DATA, tensor.bytes.byteLength);
    put(heldBytes(tensor));
  });
  return out;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.of(...bytes, value);
}

function fieldSize(field: number, length: number): number {
  return varint(field * 8 + 2).byteLength + varint(length).byteLength + length;
}

function graphProto(graph: SourceGraph): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name || 'graph',
    node: graph.nodes.map(nodeProto),
    initializer: [...graph.initializers.values()].map((tensor) => tensorProto(tensor, true)),
    input: graph.inputs.map(valueInfoProto),
    output: graph.outputs.map(valueInfoProto),
  });
}

function tensorProto(tensor: Initializer, withData: boolean): TensorProto {
  const { name, type, dims } = tensor;
  return create(TensorProtoSchema, {
    name,
    dataType: elementTypeCode(type),
    dims: dims.map(BigInt),
    ...(withData && { rawData: new Uint8Array(heldBytes(tensor)) }),
  });
}

function nodeProto(node: SourceNode): NodeProto {
  const proto = create(NodeProtoSchema, {
    name: node.name,
    opType: node.op,
    input: node.inputs,
    output: node.outputs,
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value, node)),
  });
  if (node.domain !== '') proto.domain = node.domain;
  if (node.scopes)
    proto.metadataProps = [
      create(StringStringEntryProtoSchema, {
        key: 'pkg.torch.onnx.name_scopes',
        value: `[${node.scopes.map((scope) => `'${scope}'`).join(', ')}]`,
      }),
    ];
  return proto;
}

function attributeProto(name: string, value: Attribute, node: SourceNode): AttributeProto {
  const text = new TextEncoder();
  const proto = create(AttributeProtoSchema, { name });
  const set = (kind: Kind, fields: Partial<AttributeProto>) =>
    Object.assign(proto, { type: kind, ...fields });
  const isFloat = isFloatAttribute(node.op, name);
  if (typeof value === 'number') {
    return isFloat || !Number.isInteger(value)
      ? set(Kind.FLOAT, { f: value })
      : set(Kind.INT, { i: BigInt(value) });
  }
  if (typeof value === 'string') return set(Kind.STRING, { s: text.encode(value) });
  if ('nodes' in value) return set(Kind.GRAPH, { g: graphProto(value) });
  if ('bytes' in value) return set(Kind.TENSOR, { t: tensorProto(value, true) });
  if (isStrings(value)) return set(Kind.STRINGS, { strings: value.map((s) => text.encode(s)) });
  return isFloat || value.some((v) => !Number.isInteger(v))
    ? set(Kind.FLOATS, { floats: [...value] })
    : set(Kind.INTS, { ints: value.map(BigInt) });
}

function isStrings(value: readonly number[] | readonly string[]): value is readonly string[] {
  return typeof value[0] === 'string';
}

function valueInfoProto({ name, type, dims }: ValueInfo): ValueInfoProto {
  const dim = dims.map((size) => {
    const proto = create(TensorShapeProto_DimensionSchema);
    if (typeof size === 'number') proto.value = { case: 'dimValue', value: BigInt(size) };
    else if (size !== null) proto.value = { case: 'dimParam', value: size };
    return proto;
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: elementTypeCode(type), shape: { dim } } } },
  });
}
