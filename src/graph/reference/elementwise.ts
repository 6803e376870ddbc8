/** Float64 references of the elementwise ops. */
import type { UnaryKind } from '../program.ts';
import { activate, activationGradient, erf } from './activations.ts';
import { filled, required, type ReferenceOp } from './op.ts';
import { sizeOf, type RefTensor } from './tensor.ts';

/** f(x) of each unary kind. */
export const unaryFunctions: { [Kind in UnaryKind]: (x: number, factor: number) => number } = {
  Gelu: (x) => activate('Gelu', x),
  GeluTanh: (x) => activate('GeluTanh', x),
  Relu: (x) => activate('Relu', x),
  Silu: (x) => activate('Silu', x),
  Tanh: (x) => activate('Tanh', x),
  Sigmoid: (x) => activate('Sigmoid', x),
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Erf: erf,
  Neg: (x) => -x,
  Abs: Math.abs,
  Square: (x) => x * x,
  Scale: (x, factor) => x * factor,
  Shift: (x, factor) => x + factor,
  Power: (x, factor) => x ** factor,
  Threshold: (x, factor) => (x > Math.fround(factor) ? 1 : 0),
};

/** f′ of each unary kind, from x or, for Tanh Sigmoid Exp Sqrt Reciprocal, from y = f(x). */
export const unaryDerivatives: { [Kind in UnaryKind]: (v: number, factor: number) => number } = {
  Gelu: (x) => activationGradient('Gelu', x),
  GeluTanh: (x) => activationGradient('GeluTanh', x),
  Relu: (x) => activationGradient('Relu', x),
  Silu: (x) => activationGradient('Silu', x),
  Tanh: (y) => activationGradient('Tanh', y),
  Sigmoid: (y) => activationGradient('Sigmoid', y),
  Exp: (y) => y,
  Log: (x) => 1 / x,
  Sqrt: (y) => 0.5 / y,
  Reciprocal: (y) => -y * y,
  Erf: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
  Neg: () => -1,
  Abs: (x) => Math.sign(x),
  Square: (x) => 2 * x,
  Scale: (_x, factor) => factor,
  Shift: () => 1,
  Power: (x, factor) => factor * x ** (factor - 1),
  // Straight through.
  Threshold: () => 1,
};

export const unary: ReferenceOp<'Unary'> = ([x], { kind, factor = 1 }) => {
  const input = required([x], 0, 'Unary');
  return [filled(input.shape, (i) => unaryFunctions[kind](input.data[i], factor))];
};

export const unaryGrad: ReferenceOp<'UnaryGrad'> = (inputs, { kind, factor = 1 }) => {
  const dy = required(inputs, 0, 'UnaryGrad');
  const v = required(inputs, 1, 'UnaryGrad');
  return [filled(dy.shape, (i) => dy.data[i] * unaryDerivatives[kind](v.data[i], factor))];
};

/** For each element of `shape`, the index of the element of an input of shape `from` that numpy pairs with it. */
export function broadcastIndex(from: readonly number[], shape: readonly number[]): (index: number) => number {
  const lead = shape.length - from.length;
  const strides: number[] = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    if (from[axis] !== 1) {
      if (from[axis] !== shape[lead + axis])
        throw new Error(`internal: [${from.join(', ')}] does not broadcast to [${shape.join(', ')}]`);
      strides[lead + axis] = stride;
    }
    stride *= from[axis];
  }
  return (index) => {
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (index % shape[axis]) * strides[axis];
      index = Math.floor(index / shape[axis]);
    }
    return at;
  };
}

const pick = (tensor: RefTensor, shape: readonly number[]): ((index: number) => number) => {
  if (tensor.data.length === sizeOf(shape)) return (i) => tensor.data[i];
  const index = broadcastIndex(tensor.shape, shape);
  return (i) => tensor.data[index(i)];
};

function binary(f: (a: number, b: number) => number): ReferenceOp<'Add' | 'Sub' | 'Mul' | 'Div'> {
  return (inputs, _attributes, [shape]) => {
    const a = pick(required(inputs, 0, 'binary op'), shape);
    const b = pick(required(inputs, 1, 'binary op'), shape);
    return [filled(shape, (i) => f(a(i), b(i)))];
  };
}

export const add = binary((a, b) => a + b);
export const sub = binary((a, b) => a - b);
export const mul = binary((a, b) => a * b);
export const div = binary((a, b) => a / b);

export const where: ReferenceOp<'Where'> = (inputs, _attributes, [shape]) => {
  const c = pick(required(inputs, 0, 'Where'), shape);
  const a = pick(required(inputs, 1, 'Where'), shape);
  const b = pick(required(inputs, 2, 'Where'), shape);
  return [filled(shape, (i) => (c(i) !== 0 ? a(i) : b(i)))];
};
