/**
 * Operators that ONNX has not, of the operator set `delta`. They occur between a delta's tensors and a value that
 * takes their place before anything is exported (deltas/bake.ts).
 */
import { fastfoodKey, normalTable } from '../fastfood.ts';
import { say } from '../../sentence.ts';
import { InvalidNode } from './invalid.ts';
import { numberAttribute, required, type OnnxCall, type OnnxOp } from './call.ts';
import { fastfood as project, hadamard as transform } from '../reference/fastfood.ts';
import { refTensor } from '../reference/tensor.ts';

/** The operator set's name. */
export const DELTA_DOMAIN = 'delta';

/** clip(σ(α)·(high − low) + low, 0, 1): a gate without the noise of training. */
const hardConcrete: OnnxOp = (inputs, call) => {
  const alpha = required(inputs, 0);
  const [low, high] = [numberAttribute(call, 'low', 0), numberAttribute(call, 'high', 1)];
  const gate = (a: number): number => Math.min(1, Math.max(0, (high - low) / (1 + Math.exp(-a)) + low));
  return [refTensor(alpha.shape, alpha.data.map(gate), alpha.type)];
};

/** The Walsh–Hadamard transform over the last axis. */
const hadamard: OnnxOp = (inputs) => {
  const { shape } = required(inputs, 0);
  if (!Number.isInteger(Math.log2(shape.at(-1) ?? 0)))
    throw new InvalidNode(say`[${shape.join(', ')}] does not end in a power of two`);
  return transform(inputs, {}, []);
};

/** base + the Fastfood projection of u (../fastfood.ts). */
const fastfood: OnnxOp = (inputs, call) => {
  const base = required(inputs, 0);
  if (required(inputs, 1).data.length === 0 || inputs.length > 2)
    throw new InvalidNode(say`it takes a tensor and the numbers that are added to it`);
  const normal = refTensor([256], normalTable());
  const key = refTensor([3], keyOf(call), 'int32');
  return project([...inputs, normal, key], {}, [base.shape]);
};

/** A node's attributes `seed`, `stream` and `scale`. */
export function keyOf({ attributes }: Pick<OnnxCall, 'attributes'>): Int32Array {
  const of = (name: string): number => Number(attributes[name]);
  return fastfoodKey({ seed: of('seed'), stream: of('stream'), scale: of('scale') });
}

export const DELTA_OPS: Readonly<Record<string, OnnxOp>> = {
  HardConcrete: hardConcrete,
  Hadamard: hadamard,
  Fastfood: fastfood,
};
