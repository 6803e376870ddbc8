/** What an operator of the float64 ONNX interpreter is called with, and readers of its attributes. */
import { InvalidNode } from './invalid.ts';
import { say } from '../../sentence.ts';
import type { Attribute, ElementType, Initializer } from '../source.ts';
import type { RefTensor } from '../reference/tensor.ts';
import { refTensor } from '../reference/tensor.ts';
import { numbersOf } from '../tensor.ts';

/** The part of a source node an operator looks at. */
export interface OnnxCall {
  op: string;
  attributes: Readonly<Record<string, Attribute>>;
  /** Version of the default operator set: some operators moved attributes to inputs. */
  opset: number;
  /** How many outputs the node names. */
  outputs: number;
}

/** One operator: inputs are `undefined` where the node omits them. */
export type OnnxOp = (inputs: readonly (RefTensor | undefined)[], call: OnnxCall) => RefTensor[];

/** ONNX's numbers of element types, `TensorProto.DataType`. */
const ELEMENT_TYPES: Readonly<Record<number, ElementType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};

/** The element type an attribute such as Cast's `to` names. */
export function elementTypeOf(code: number): ElementType {
  const type = ELEMENT_TYPES[code];
  if (type === undefined) throw new InvalidNode(say`element type ${code} is not one of ONNX's numeric types`);
  return type;
}

export function numberAttribute(call: OnnxCall, name: string, fallback: number): number {
  const value = call.attributes[name];
  return typeof value === 'number' ? value : fallback;
}

export function stringAttribute(call: OnnxCall, name: string, fallback: string): string {
  const value = call.attributes[name];
  return typeof value === 'string' ? value : fallback;
}

export function numbersAttribute(call: OnnxCall, name: string): readonly number[] | undefined {
  const value = call.attributes[name];
  return Array.isArray(value) ? value.map(Number) : undefined;
}

export function tensorAttribute(call: OnnxCall, name: string): Initializer | undefined {
  const value = call.attributes[name];
  return typeof value === 'object' && !Array.isArray(value) && 'bytes' in value ? value : undefined;
}

/** Axes given as an attribute (older operator sets) or as input `index` (newer). */
export function axesOf(
  inputs: readonly (RefTensor | undefined)[],
  call: OnnxCall,
  index: number,
): number[] | undefined {
  const input = inputs[index];
  if (input) return Array.from(input.data);
  const attribute = numbersAttribute(call, 'axes');
  return attribute && [...attribute];
}

/** An input that the operator cannot do without. */
export function required(inputs: readonly (RefTensor | undefined)[], index: number): RefTensor {
  const input = inputs[index];
  if (!input) throw new InvalidNode(say`input ${index} is missing`);
  return input;
}

/** The number that an input is, or the first where there are more. */
export function numberOfInput(inputs: readonly (RefTensor | undefined)[], index: number): number {
  const [value] = required(inputs, index).data;
  if (value === undefined) throw new InvalidNode(say`input ${index} is empty, and a number is needed`);
  return value;
}

/** Axis counted from the front, for what has elements along it: a single number has none. */
export function presentAxis(axis: number, rank: number): number {
  if (rank === 0) throw new InvalidNode(say`axis ${axis} is outside a tensor of rank ${rank}`);
  return positiveAxis(axis, rank);
}

/** Axis counted from the front. Reductions may name the first axis of a single number. */
export function positiveAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= Math.max(rank, 1))
    throw new InvalidNode(say`axis ${axis} is outside a tensor of rank ${rank}`);
  return positive;
}

/** The doubles of an initializer. */
export function initializerTensor(tensor: Initializer): RefTensor {
  return refTensor(tensor.dims, Float64Array.from(numbersOf(tensor)), tensor.type);
}
