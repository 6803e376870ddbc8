/** Element-wise source operators on device values. */
import { broadcastShapes } from '../onnx-ops/broadcast.ts';
import type { UnaryKind } from '../program.ts';
import type { SourceNode } from '../source.ts';
import { isFloatType } from '../tensor.ts';
import { StudioError } from '../../errors.ts';
import { field, say } from '../../sentence.ts';
import type { Handler, Specialiser } from './specialiser.ts';
import type { Tracked } from './tracked.ts';
import { sameShape, scalarOf } from './tracked.ts';

type BinaryOp = 'Add' | 'Sub' | 'Mul' | 'Div';

/** y = f(x) with x's shapes. */
export function unary(s: Specialiser, x: Tracked, kind: UnaryKind, label: string, factor?: number): Tracked {
  const attributes = factor === undefined ? { kind } : { kind, factor };
  return s.node('Unary', [s.operand(x)], attributes, label, x.stored, x.shape);
}

const unaryOf =
  (kind: UnaryKind): Handler =>
  (s, node) =>
    s.set(node.outputs[0], unary(s, s.get(node.inputs[0]), kind, node.outputs[0]));

/** The shape two values combine to. @throws StudioError where they do not: a text too long, mostly. */
function combined(s: Specialiser, node: SourceNode, a: Tracked, b: Tracked): number[] {
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape) return shape;
  const limit = tableLimit(a, b);
  const what =
    limit === undefined
      ? say`it cannot combine shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`
      : say`the model has ${limit.positions} positions and the texts ${limit.length} tokens`;
  throw new StudioError(
    'spec',
    say`${s.graph.name}: node ${node.name} (${node.op}) fails: ${what}; choose a smaller ${field('data.maxLength')}.`,
    { where: node.name },
  );
}

/** The shorter of two lengths that should be equal is the size of a table of positions. */
function tableLimit(a: Tracked, b: Tracked): { positions: number; length: number } | undefined {
  if (a.shape.length < 2 || b.shape.length < 2) return undefined;
  const [x, y] = [a.shape[a.shape.length - 2], b.shape[b.shape.length - 2]];
  return x === y ? undefined : { positions: Math.min(x, y), length: Math.max(x, y) };
}

/** x op c for a constant number c, as a unary node: no operand to upload or broadcast. */
function withScalar(s: Specialiser, op: BinaryOp, x: Tracked, c: number, label: string): Tracked {
  if (c === (op === 'Add' || op === 'Sub' ? 0 : 1)) return x;
  switch (op) {
    case 'Add':
      return unary(s, x, 'Shift', label, c);
    case 'Sub':
      return unary(s, x, 'Shift', label, -c);
    case 'Mul':
      return unary(s, x, 'Scale', label, c);
    case 'Div':
      return unary(s, x, 'Scale', label, 1 / c);
  }
}

/** c op x for a constant number c. */
function ofScalar(s: Specialiser, op: BinaryOp, c: number, x: Tracked, label: string): Tracked {
  switch (op) {
    case 'Sub':
      return unary(s, unary(s, x, 'Neg', `${label}#neg`), 'Shift', label, c);
    case 'Div':
      if (c === 1) return unary(s, x, 'Reciprocal', label);
      return unary(s, unary(s, x, 'Reciprocal', `${label}#reciprocal`), 'Scale', label, c);
    default:
      return withScalar(s, op, x, c, label);
  }
}

const binary =
  (op: BinaryOp): Handler =>
  (s, node) => {
    const [a, b] = [s.get(node.inputs[0]), s.get(node.inputs[1])];
    const label = node.outputs[0];
    const shape = combined(s, node, a, b);
    const [ca, cb] = [scalarOf(a), scalarOf(b)];
    if (cb !== undefined && a.shape.length === shape.length)
      return s.set(label, { ...withScalar(s, op, a, cb, label), shape });
    if (ca !== undefined && b.shape.length === shape.length)
      return s.set(label, { ...ofScalar(s, op, ca, b, label), shape });
    const [ia, ib] = [s.operand(a), s.operand(b)];
    if (op === 'Mul' && ia === ib) return s.set(label, unary(s, a, 'Square', label));
    const stored = broadcastShapes(a.stored, b.stored)!;
    s.set(label, s.node(op, [ia, ib], {}, label, stored, shape));
  };

const pow: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const exponent = scalarOf(s.get(node.inputs[1]));
  const label = node.outputs[0];
  if (exponent === undefined) throw s.unsupported(node, say`has an exponent that is not a constant number`);
  if (exponent === 1) s.set(label, x);
  else if (exponent === 2) s.set(label, unary(s, x, 'Square', label));
  else if (exponent === 0.5) s.set(label, unary(s, x, 'Sqrt', label));
  else if (exponent === -1) s.set(label, unary(s, x, 'Reciprocal', label));
  else s.set(label, unary(s, x, 'Power', label, exponent));
};

/** Any number of summands. */
const sum: Handler = (s, node) => {
  const label = node.outputs[0];
  let total = s.get(node.inputs[0]);
  node.inputs.slice(1).forEach((name, i) => {
    const next = s.get(name);
    const shape = combined(s, node, total, next);
    const stored = broadcastShapes(total.stored, next.stored)!;
    const partial = i === node.inputs.length - 2 ? label : `${label}#${i}`;
    total = s.node('Add', [s.operand(total), s.operand(next)], {}, partial, stored, shape);
  });
  s.set(label, total);
};

/** max(x, 0), which some exporters write instead of Relu. */
const max: Handler = (s, node) => {
  const [a, b] = node.inputs.map((name) => s.get(name));
  const x = node.inputs.length === 2 && scalarOf(a) === 0 ? b : a;
  const bound = x === b ? a : b;
  if (node.inputs.length !== 2 || scalarOf(bound) !== 0 || !sameShape(combined(s, node, a, b), x.shape))
    throw s.unsupported(node, say`is only supported as max(x, 0)`);
  s.set(node.outputs[0], unary(s, x, 'Relu', node.outputs[0]));
};

const gelu: Handler = (s, node) => {
  const tanh = node.attributes['approximate'] === 'tanh';
  s.set(node.outputs[0], unary(s, s.get(node.inputs[0]), tanh ? 'GeluTanh' : 'Gelu', node.outputs[0]));
};

/** Floats are all f32 on the device, so a cast between them is nothing. */
const cast: Handler = (s, node) => {
  const to = node.attributes['to'];
  const toFloat =
    node.op === 'CastLike' ? isFloatType(s.get(node.inputs[1]).type) : [1, 10, 11, 16].includes(Number(to));
  if (!toFloat) throw s.unsupported(node, say`turns computed floats into integers, which have no kernel`);
  s.set(node.outputs[0], s.get(node.inputs[0]));
};

const identity: Handler = (s, node) => s.set(node.outputs[0], s.get(node.inputs[0]));

export const ELEMENTWISE_HANDLERS: Readonly<Record<string, Handler>> = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
  Sum: sum,
  Pow: pow,
  Max: max,
  Gelu: gelu,
  Cast: cast,
  CastLike: cast,
  Identity: identity,
  Abs: unaryOf('Abs'),
  Erf: unaryOf('Erf'),
  Exp: unaryOf('Exp'),
  Log: unaryOf('Log'),
  Neg: unaryOf('Neg'),
  Reciprocal: unaryOf('Reciprocal'),
  Relu: unaryOf('Relu'),
  Sigmoid: unaryOf('Sigmoid'),
  Sqrt: unaryOf('Sqrt'),
  Tanh: unaryOf('Tanh'),
};
