/** Element-wise operators. Integer tensors follow ONNX: division truncates, comparisons give booleans. */
import type { ElementType } from '../source.ts';
import { isFloatType } from '../tensor.ts';
import { broadcastAll, broadcastStrides, mapOne, mapPairs, stridedOffsets } from './broadcast.ts';
import { elementTypeOf, numberAttribute, required, stringAttribute } from './call.ts';
import type { OnnxOp } from './call.ts';
import { erf } from './erf.ts';

const unary =
  (f: (x: number) => number): OnnxOp =>
  (inputs) => {
    const x = required(inputs, 0);
    return [mapOne(x, x.type, f)];
  };

const predicate =
  (f: (x: number) => boolean): OnnxOp =>
  (inputs) => [mapOne(required(inputs, 0), 'bool', (x) => (f(x) ? 1 : 0))];

const binary =
  (f: (x: number, y: number) => number): OnnxOp =>
  (inputs) => {
    const a = required(inputs, 0);
    return [mapPairs(a, required(inputs, 1), a.type, f)];
  };

const comparison =
  (f: (x: number, y: number) => boolean): OnnxOp =>
  (inputs) => [mapPairs(required(inputs, 0), required(inputs, 1), 'bool', (x, y) => (f(x, y) ? 1 : 0))];

/** Any number of inputs folded from the left. */
const variadic =
  (f: (x: number, y: number) => number): OnnxOp =>
  (inputs) => {
    const [, ...others] = inputs.map((_, i) => required(inputs, i));
    return [others.reduce((a, b) => mapPairs(a, b, a.type, f), required(inputs, 0))];
  };

const INTEGER_RANGES: Partial<Record<ElementType, [number, number]>> = {
  int8: [8, 1],
  int16: [16, 1],
  int32: [32, 1],
  uint8: [8, 0],
  uint16: [16, 0],
  uint32: [32, 0],
};

/** What a number becomes in another type; narrow integers wrap as they do in numpy. */
function convert(type: ElementType): (x: number) => number {
  if (isFloatType(type)) return (x) => x;
  if (type === 'bool') return (x) => (x !== 0 ? 1 : 0);
  const range = INTEGER_RANGES[type];
  if (!range) return Math.trunc;
  const [bits, signed] = range;
  const modulus = 2 ** bits;
  return (x) => {
    const wrapped = ((Math.trunc(x) % modulus) + modulus) % modulus;
    return signed && wrapped >= modulus / 2 ? wrapped - modulus : wrapped;
  };
}

const cast: OnnxOp = (inputs, call) => {
  const type = elementTypeOf(numberAttribute(call, 'to', 1));
  return [mapOne(required(inputs, 0), type, convert(type))];
};

const castLike: OnnxOp = (inputs) => {
  const { type } = required(inputs, 1);
  return [mapOne(required(inputs, 0), type, convert(type))];
};

const div: OnnxOp = (inputs) => {
  const a = required(inputs, 0);
  const f = isFloatType(a.type)
    ? (x: number, y: number) => x / y
    : (x: number, y: number) => Math.trunc(x / y);
  return [mapPairs(a, required(inputs, 1), a.type, f)];
};

/** `fmod: 1` keeps the dividend's sign (C), `fmod: 0` the divisor's (Python). */
const mod: OnnxOp = (inputs, call) => {
  const a = required(inputs, 0);
  const f =
    numberAttribute(call, 'fmod', 0) === 1
      ? (x: number, y: number) => x % y
      : (x: number, y: number) => x - y * Math.floor(x / y);
  return [mapPairs(a, required(inputs, 1), a.type, f)];
};

const where: OnnxOp = (inputs) => {
  const c = required(inputs, 0);
  const a = required(inputs, 1);
  const b = required(inputs, 2);
  const shape = broadcastAll(c.shape, a.shape, b.shape);
  const [oc, oa, ob] = [c, a, b].map((t) => stridedOffsets(shape, broadcastStrides(t.shape, shape)));
  const data = new Float64Array(oc.length);
  for (let i = 0; i < data.length; i++) data[i] = c.data[oc[i]] !== 0 ? a.data[oa[i]] : b.data[ob[i]];
  return [{ shape, type: a.type, data }];
};

/** Bounds are attributes before operator set 11, inputs since. */
const clip: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const low = inputs[1]?.data[0] ?? numberAttribute(call, 'min', -Infinity);
  const high = inputs[2]?.data[0] ?? numberAttribute(call, 'max', Infinity);
  return [mapOne(x, x.type, (v) => Math.min(Math.max(v, low), high))];
};

const geluErf = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));
const geluTanh = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

const gelu: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  return [mapOne(x, x.type, stringAttribute(call, 'approximate', 'none') === 'tanh' ? geluTanh : geluErf)];
};

const leakyRelu: OnnxOp = (inputs, call) => {
  const slope = numberAttribute(call, 'alpha', 0.01);
  const x = required(inputs, 0);
  return [mapOne(x, x.type, (v) => (v < 0 ? slope * v : v))];
};

export const ELEMENTWISE_OPS: Readonly<Record<string, OnnxOp>> = {
  Abs: unary(Math.abs),
  Ceil: unary(Math.ceil),
  Cos: unary(Math.cos),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Identity: unary((x) => x),
  Log: unary(Math.log),
  Neg: unary((x) => -x),
  Reciprocal: unary((x) => 1 / x),
  Relu: unary((x) => Math.max(x, 0)),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Sign: unary(Math.sign),
  Sin: unary(Math.sin),
  Softplus: unary((x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0)),
  Sqrt: unary(Math.sqrt),
  Tanh: unary(Math.tanh),
  Not: predicate((x) => x === 0),
  IsNaN: predicate(Number.isNaN),
  IsInf: predicate((x) => x === Infinity || x === -Infinity),
  Cast: cast,
  CastLike: castLike,
  Clip: clip,
  Gelu: gelu,
  LeakyRelu: leakyRelu,
  Add: binary((x, y) => x + y),
  Sub: binary((x, y) => x - y),
  Mul: binary((x, y) => x * y),
  Div: div,
  Mod: mod,
  Pow: binary((x, y) => x ** y),
  Max: variadic(Math.max),
  Min: variadic(Math.min),
  Sum: variadic((x, y) => x + y),
  And: comparison((x, y) => x !== 0 && y !== 0),
  Or: comparison((x, y) => x !== 0 || y !== 0),
  Xor: comparison((x, y) => (x !== 0) !== (y !== 0)),
  Equal: comparison((x, y) => x === y),
  Greater: comparison((x, y) => x > y),
  GreaterOrEqual: comparison((x, y) => x >= y),
  Less: comparison((x, y) => x < y),
  LessOrEqual: comparison((x, y) => x <= y),
  Where: where,
};
