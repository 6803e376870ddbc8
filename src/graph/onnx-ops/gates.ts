/**
 * Operators that ONNX has not, of the operator set `delta`. They occur between a delta's tensors and a value that
 * takes their place before anything is exported (deltas/bake.ts).
 */
import { numberAttribute, required, type OnnxOp } from './call.ts';
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

export const GATE_OPS: Readonly<Record<string, OnnxOp>> = { HardConcrete: hardConcrete };
