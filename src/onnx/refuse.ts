/** Models that import cannot train, recognised by their operators: quantised, optimised, too old or new. */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import type { OnnxModel } from './read.ts';
import { allNodes } from './walk.ts';

/** Operator sets of exporters in use; 11 is the oldest with today's Slice, Pad and Gather. */
export const OPSETS = { oldest: 11, newest: 22 };

const INT8_OPS: ReadonlySet<string> = new Set([
  'DynamicQuantizeLinear',
  'QuantizeLinear',
  'DequantizeLinear',
  'MatMulInteger',
  'ConvInteger',
]);

export interface Unsupported {
  /** Node, or '' for the model as a whole. */
  node: string;
  /** Operator with its domain, `com.microsoft.MatMulNBits`, or '' likewise. */
  op: string;
  /** A clause: `is 4-bit quantised`. */
  why: Sentence;
  remedy: Sentence;
}

const UNQUANTISED = say`use the float32 or float16 export of the same model (usually model.onnx or model_fp16.onnx)`;
const PLAIN = say`export the model without ONNX Runtime’s graph optimisation`;

/** Everything in a model that rules it out, nodes in order; empty for a model we take. */
export function findUnsupported(model: OnnxModel): Unsupported[] {
  const { opset } = model.graph;
  const found: Unsupported[] = [];
  if (opset < OPSETS.oldest || opset > OPSETS.newest)
    found.push({
      node: '',
      op: '',
      why: say`uses operator set ${opset}, and only ${OPSETS.oldest} to ${OPSETS.newest} are supported`,
      remedy: say`export it again with an operator set in that range, such as 18`,
    });
  const functions = new Set(model.functions);
  for (const { name, op, domain } of allNodes(model.graph)) {
    const qualified = domain === '' ? op : `${domain}.${op}`;
    const refuse = (why: Sentence, remedy: Sentence) =>
      found.push({ node: name, op: qualified, why, remedy });
    if (/^(MatMulNBits|MatMulBnb4|GatherBlockQuantized)$/.test(op))
      refuse(say`multiplies by weights of 4 bits or so (q4), which cannot be trained`, UNQUANTISED);
    else if (INT8_OPS.has(op) || /^(QLinear|QAttention|QGemm|QEmbed|DynamicQuantize)|Integer/.test(op))
      refuse(
        say`is part of 8-bit quantisation (int8 or uint8), whose weights cannot be trained`,
        UNQUANTISED,
      );
    else if (functions.has(`${domain}:${op}`))
      refuse(
        say`is a function that the model defines itself`,
        say`export the model with its functions inlined`,
      );
    else if (domain === 'com.microsoft')
      refuse(say`is an operator of ONNX Runtime’s own, made by its optimiser`, PLAIN);
    else if (domain !== '')
      refuse(say`is an operator of the domain ${domain}`, say`export the model with ONNX’s own operators`);
  }
  return found;
}

/** Throws a StudioError that names the first thing `findUnsupported` finds, the model, and a remedy. */
export function refuseUnsupported(found: readonly Unsupported[], file: string): void {
  if (found.length > 0) throw refusalOf(found, file);
}

/** The error for the first thing that `findUnsupported` finds. */
export function refusalOf(found: readonly Unsupported[], file: string): StudioError {
  const { node, op, why, remedy } = found[0];
  const what = op === '' ? file : say`${file}: the node ${node} (${op})`;
  return new StudioError('unsupported', say`${what} ${why}; ${remedy}.`, node === '' ? {} : { where: node });
}
