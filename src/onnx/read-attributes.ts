/** AttributeProto → Attribute. */
import { AttributeProto_AttributeType as Kind } from 'onnx-buf';
import type { AttributeProto, GraphProto, NodeProto } from 'onnx-buf';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Attribute, SourceGraph } from '../graph/source.ts';
import { readTensor, type ReadContext } from './read-tensor.ts';

type ReadBody = (graph: GraphProto) => SourceGraph;

/** The attributes of a node by name; graphs (If, Loop bodies) are read by `readBody`. */
export function readAttributes(
  node: NodeProto,
  context: ReadContext,
  readBody: ReadBody,
): Record<string, Attribute> {
  return Object.fromEntries(node.attribute.map((a) => [a.name, readAttribute(a, node, context, readBody)]));
}

const text = new TextDecoder();

function readAttribute(
  proto: AttributeProto,
  node: NodeProto,
  context: ReadContext,
  readBody: ReadBody,
): Attribute {
  switch (proto.type) {
    case Kind.FLOAT:
      return proto.f;
    case Kind.INT:
      return Number(proto.i);
    case Kind.STRING:
      return text.decode(proto.s);
    case Kind.FLOATS:
      return proto.floats;
    case Kind.INTS:
      return proto.ints.map(Number);
    case Kind.STRINGS:
      return proto.strings.map((s) => text.decode(s));
    case Kind.TENSOR:
      if (!proto.t) throw holdsNothing(proto, node, context);
      return readTensor(proto.t, context, proto.t.name || `${node.name}.${proto.name}`);
    case Kind.GRAPH:
      if (!proto.g) throw holdsNothing(proto, node, context);
      return readBody(proto.g);
    default:
      throw new StudioError(
        'unsupported',
        say`${context.file}: attribute ${proto.name} of the ${node.opType} node ${node.name} is of kind ${Kind[proto.type] ?? proto.type}, which is not supported; export the model without it.`,
        { where: node.name },
      );
  }
}

function holdsNothing(proto: AttributeProto, node: NodeProto, { file }: ReadContext): StudioError {
  return new StudioError(
    'model',
    say`${file}: attribute ${proto.name} of the ${node.opType} node ${node.name} holds nothing; export the model again.`,
    { where: node.name },
  );
}
