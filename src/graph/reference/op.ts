/** The signature of a reference op: float64 in, float64 out, one function per op of the program. */
import type { OpAttributes, OpName } from '../program.ts';
import { refTensor, sizeOf, type RefTensor } from './tensor.ts';

/** What the random ops read from the step block. */
export interface ReferenceRandom {
  readonly seed: number;
  readonly step: number;
}

/**
 * Computes one op. Inputs are in the order of `OpAttributes`; an omitted optional one is undefined.
 * `outputShapes` are the shapes the program declares, one an output. All outputs are returned, wanted or not.
 */
export type ReferenceOp<Op extends OpName> = (
  inputs: readonly (RefTensor | undefined)[],
  attributes: OpAttributes[Op],
  outputShapes: readonly (readonly number[])[],
  random?: ReferenceRandom,
) => RefTensor[];

export type ReferenceTable = { [Op in OpName]: ReferenceOp<Op> };

/** Input `index`, which the op cannot do without. */
export function required(inputs: readonly (RefTensor | undefined)[], index: number, op: string): RefTensor {
  const tensor = inputs[index];
  if (tensor === undefined) throw new Error(`internal: ${op} lacks its input ${index}`);
  return tensor;
}

/** A tensor of the given shape whose elements are `value(i)`. */
export function filled(shape: readonly number[], value: (index: number) => number): RefTensor {
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = value(i);
  return refTensor(shape, data);
}

/** Rows and columns of a tensor seen as a matrix over its last axis. */
export function asRows(tensor: RefTensor): { rows: number; columns: number } {
  const columns = tensor.shape.at(-1) ?? 1;
  return { rows: columns === 0 ? 0 : tensor.data.length / columns, columns };
}
