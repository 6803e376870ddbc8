/** `Where` and the tests exporters put around a softmax. */
import { say } from '../../sentence.ts';
import { broadcastAll } from '../onnx-ops/broadcast.ts';
import { runOnnxOp } from '../onnx-ops/index.ts';
import { refTensor } from '../reference/tensor.ts';
import type { SourceNode } from '../source.ts';
import { runOnCpu } from './cpu.ts';
import { computedBy } from './linear.ts';
import { constantValue } from './specialiser.ts';
import type { Handler, Specialiser } from './specialiser.ts';
import { scalarOf } from './tracked.ts';

/** Fillings at or below this take all probability from what they fill, whatever the scores. */
const MASKED = -1e4;

const where: Handler = (s, node) => {
  const [c, a, b] = node.inputs.map((name) => s.get(name));
  const label = node.outputs[0];
  const shape = broadcastAll(c.shape, a.shape, b.shape);
  const constant = scalarOf(c);
  if (constant !== undefined) {
    const chosen = constant !== 0 ? a : b;
    if (broadcastAll(chosen.shape).join() === shape.join()) return s.set(label, chosen);
  }
  const fill = scalarOf(a);
  if (c.place.in === 'host' && fill !== undefined && fill <= MASKED && onlySoftmax(s, label))
    return additiveMask(s, node, fill);
  const inputs = [s.operand(c), s.operand(a), s.operand(b)];
  const stored = broadcastAll(c.stored, a.stored, b.stored);
  s.set(label, s.node('Where', inputs, {}, label, stored, shape));
};

/** True when all that reads the value is softmax, so that masked scores and very low ones are the same. */
function onlySoftmax(s: Specialiser, name: string): boolean {
  const readers = s.graph.nodes.filter((node) => node.inputs.includes(name));
  return readers.length > 0 && readers.every((node) => node.op === 'Softmax');
}

/** scores + Where(mask, fill, 0), the second made on the host. */
function additiveMask(s: Specialiser, node: SourceNode, fill: number): void {
  const [condition, , scores] = node.inputs;
  const bias = `${node.outputs[0]}#bias`;
  const low = `${bias}#fill`;
  const zero = `${bias}#zero`;
  s.set(low, constantValue(low, refTensor([], [fill])));
  s.set(zero, constantValue(zero, refTensor([], [0])));
  runOnCpu(s, { ...node, inputs: [condition, low, zero], outputs: [bias] });
  const [x, mask] = [s.get(scores), s.get(bias)];
  const stored = broadcastAll(x.stored, mask.stored);
  const shape = broadcastAll(x.shape, mask.shape);
  const label = node.outputs[0];
  s.set(label, s.node('Add', [s.operand(x), s.operand(mask)], {}, label, stored, shape));
}

/**
 * Exporters guard a softmax whose row may be fully masked: Where(IsNaN(p), 0, p). Masks here are
 * finite, so a softmax is never NaN and the guard folds away.
 */
const isNaN: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  if (!computedBy(s, x, 'Softmax'))
    throw s.unsupported(node, say`tests computed floats other than a softmax`);
  const [no] = runOnnxOp(
    [
      refTensor(
        x.shape.map(() => 1),
        [0],
      ),
    ],
    {
      op: 'IsNaN',
      attributes: {},
      opset: s.graph.opset,
      outputs: 1,
    },
  );
  s.set(node.outputs[0], { ...constantValue(node.outputs[0], no), shape: x.shape });
};

/** The largest number of half precision. */
const LARGEST_HALF = 65504;

/**
 * T5 in half precision looks for infinities, which its numbers run into beyond 65504, and clips what it computes.
 * Sums are in single precision here, as in T5 itself without `half()`: none comes near infinity, and nothing is clipped.
 */
const isInf: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const [label] = node.outputs;
  const no = refTensor(
    x.shape.map(() => 1),
    [0],
  );
  s.set(label, { ...constantValue(label, no), shape: x.shape });
};

const clip: Handler = (s, node) => {
  const [low, high] = [1, 2].map((i) => (node.inputs[i] ? scalarOf(s.get(node.inputs[i])) : undefined));
  if (low !== -LARGEST_HALF || high !== LARGEST_HALF)
    throw s.unsupported(node, say`clips computed values elsewhere than at the bounds of half precision`);
  s.set(node.outputs[0], s.get(node.inputs[0]));
};

export const MASK_HANDLERS: Readonly<Record<string, Handler>> = {
  Where: where,
  IsNaN: isNaN,
  IsInf: isInf,
  Clip: clip,
};
