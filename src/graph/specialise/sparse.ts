/** What deltas add that exporters do not write: entries put into zeros, thresholds, gates, projections. */
import { say } from '../../sentence.ts';
import { normalTable } from '../fastfood.ts';
import { keyOf } from '../onnx-ops/gates.ts';
import { refTensor } from '../reference/tensor.ts';
import { unary } from './elementwise.ts';
import { numberOf } from './layout.ts';
import { constantValue } from './specialiser.ts';
import type { Handler } from './specialiser.ts';
import { scalarOf } from './tracked.ts';

/** ScatterND of computed entries into constant zeros, each at a place of its own. */
const scatter: Handler = (s, node) => {
  const [data, , updates] = node.inputs.map((name) => s.get(name));
  const indices = s.constant(node.inputs[1]);
  const rank = data.shape.length;
  if (scalarOf(data) !== 0 || !indices || indices.shape.length !== 2 || indices.shape[1] !== rank)
    throw s.unsupported(node, say`puts computed values into something else than constant zeros`);
  const flat = new Float64Array(indices.shape[0]);
  flat.forEach((_, e) => {
    let at = 0;
    for (let axis = 0; axis < rank; axis++) at = at * data.shape[axis] + indices.data[e * rank + axis];
    flat[e] = at;
  });
  if (new Set(flat).size !== flat.length) throw s.unsupported(node, say`puts two values in one place`);
  const ids = constantValue(`${node.inputs[1]}#flat`, refTensor([flat.length], flat, 'int64'));
  const inputs = [s.operand(updates), s.operand(ids, 'i32')];
  s.set(node.outputs[0], s.node('Scatter', inputs, {}, node.outputs[0], data.shape));
};

/** x > constant, as 1 and 0. */
const greater: Handler = (s, node) => {
  const [x, bound] = node.inputs.map((name) => s.get(name));
  const threshold = scalarOf(bound);
  if (x.place.in !== 'device' || threshold === undefined)
    throw s.unsupported(node, say`compares computed floats with something else than a constant number`);
  s.set(node.outputs[0], unary(s, x, 'Threshold', node.outputs[0], threshold));
};

/** Of the operator set `delta`: see onnx-ops/gates.ts. Noise is for training alone. */
const hardConcrete: Handler = (s, node) => {
  const x = s.materialise(s.get(node.inputs[0]));
  const bounds = { low: numberOf(node, 'low', 0), high: numberOf(node, 'high', 1) };
  const stream = numberOf(node, 'stream', 0);
  const attributes = s.mode === 'train' ? { ...bounds, stream } : bounds;
  s.set(
    node.outputs[0],
    s.node('HardConcrete', [s.operand(x)], attributes, node.outputs[0], x.stored, x.shape),
  );
};

/** Of the operator set `delta`: see onnx-ops/gates.ts. */
const hadamard: Handler = (s, node) => {
  const x = s.materialise(s.get(node.inputs[0]));
  s.set(node.outputs[0], s.node('Hadamard', [s.operand(x)], {}, node.outputs[0], x.stored, x.shape));
};

const fastfood: Handler = (s, node) => {
  const [base, u] = node.inputs.map((name) => s.materialise(s.get(name)));
  const normal = constantValue('fastfood.normal', refTensor([256], normalTable()));
  const key = constantValue(`${node.outputs[0]}#key`, refTensor([3], keyOf(node), 'int32'));
  const inputs = [s.operand(base), s.operand(u), s.operand(normal), s.operand(key, 'i32')];
  s.set(node.outputs[0], s.node('Fastfood', inputs, {}, node.outputs[0], base.shape));
};

export const SPARSE_HANDLERS: Readonly<Record<string, Handler>> = {
  ScatterND: scatter,
  Greater: greater,
  HardConcrete: hardConcrete,
  Hadamard: hadamard,
  Fastfood: fastfood,
};
