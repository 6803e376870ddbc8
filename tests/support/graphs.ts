/** Small source graphs and ONNX files for tests. */
import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ModelProto } from 'onnx-buf';
import type { Initializer, SourceGraph, SourceNode, ValueInfo } from '../../src/graph/source.ts';
import { elementCount, floatInitializer } from '../../src/graph/tensor.ts';

/** A node; its name is that of its first output unless given. */
export function node(
  op: string,
  inputs: string[],
  output: string | string[],
  attributes: SourceNode['attributes'] = {},
  more: Partial<SourceNode> = {},
): SourceNode {
  const outputs = typeof output === 'string' ? [output] : output;
  return { name: `${op}_${outputs[0]}`, op, domain: '', inputs, outputs, attributes, ...more };
}

/** A float32 initializer; `start` fills it with start, start + 1, ... scaled, so that tensors differ. */
export function weight(name: string, dims: number[], start = 0): Initializer {
  const data = Float32Array.from({ length: elementCount(dims) }, (_, i) => (start + i) / 16);
  return floatInitializer(name, dims, data);
}

/** A graph over one float input `x` [batch, 2] unless given. */
export function graph(
  nodes: SourceNode[],
  initializers: Initializer[] = [],
  more: Partial<SourceGraph> = {},
): SourceGraph {
  const inputs: ValueInfo[] = [{ name: 'x', type: 'float32', dims: ['batch', 2] }];
  const last = nodes.at(-1)!.outputs[0];
  return {
    name: 'test',
    opset: 17,
    nodes,
    initializers: new Map(initializers.map((tensor) => [tensor.name, tensor])),
    inputs,
    outputs: [{ name: last, type: 'float32', dims: ['batch', null] }],
    ...more,
  };
}

/** Bytes of a model written field by field, for what the writer never writes. */
export function protoBytes(fields: Parameters<typeof create<typeof ModelProtoSchema>>[1]): Uint8Array {
  const proto: ModelProto = create(ModelProtoSchema, fields);
  return toBinary(ModelProtoSchema, proto);
}
