/**
 * ONNX operators in float64: what folding, the host part and the oracle run. Semantics are those of
 * the ONNX operator documentation at operator sets 11 to 21, for the operators encoders contain.
 */
import { InvalidNode } from './invalid.ts';
import { say } from '../../sentence.ts';
import type { RefTensor } from '../reference/tensor.ts';
import type { OnnxCall, OnnxOp } from './call.ts';
import { ELEMENTWISE_OPS } from './elementwise.ts';
import { DELTA_DOMAIN, DELTA_OPS } from './gates.ts';
import { GATHER_OPS } from './gather.ts';
import { LINEAR_OPS } from './linear.ts';
import { REDUCE_OPS } from './reduce.ts';
import { SHAPE_OPS } from './shape.ts';

export type { OnnxCall, OnnxOp } from './call.ts';
export { initializerTensor } from './call.ts';

const OPS: ReadonlyMap<string, OnnxOp> = new Map(
  Object.entries({
    ...ELEMENTWISE_OPS,
    ...SHAPE_OPS,
    ...GATHER_OPS,
    ...REDUCE_OPS,
    ...LINEAR_OPS,
    ...DELTA_OPS,
  }),
);

/** True for an operator of ONNX, or of the few that deltas add. */
export function isKnownDomain({ domain, op }: { domain: string; op: string }): boolean {
  return domain === (op in DELTA_OPS ? DELTA_DOMAIN : '');
}

/** Every operator of the interpreter. */
export const ONNX_OP_NAMES: readonly string[] = [...OPS.keys()];

/** True when the interpreter has the operator. */
export function hasOnnxOp(op: string): boolean {
  return OPS.has(op);
}

/** True for operators that act on each element alone, with broadcasting. */
export function isElementwise(op: string): boolean {
  return op in ELEMENTWISE_OPS;
}

/**
 * Runs one operator as the exporting framework would have: floats are rounded to 32 bits after it. Where floats
 * become integers (the buckets of relative positions) the last bit decides.
 */
export function runRounded(inputs: readonly (RefTensor | undefined)[], call: OnnxCall): RefTensor[] {
  return runOnnxOp(inputs, call).map((result) =>
    result.type === 'float32' ? { ...result, data: result.data.map(rounded) } : result,
  );
}

/** Numbers past the largest float stay: an infinity times zero is none. */
function rounded(value: number): number {
  const single = Math.fround(value);
  return Number.isFinite(single) ? single : value;
}

/** Runs one operator. @throws InvalidNode saying what is wrong with the inputs; callers add the node. */
export function runOnnxOp(inputs: readonly (RefTensor | undefined)[], call: OnnxCall): RefTensor[] {
  const op = OPS.get(call.op);
  if (!op) throw new InvalidNode(say`operator ${call.op} is not known`);
  return op(inputs, call);
}
