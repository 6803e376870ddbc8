/** Matrix products, normalisation, softmax, reductions and dropout on device values. */
import { say } from '../../sentence.ts';
import { broadcastShapes } from '../onnx-ops/broadcast.ts';
import { positiveAxis } from '../onnx-ops/call.ts';
import { refTensor, sizeOf } from '../reference/tensor.ts';
import { unary } from './elementwise.ts';
import { axesOf, numberOf } from './layout.ts';
import { constantValue } from './specialiser.ts';
import type { Handler, Specialiser } from './specialiser.ts';
import type { Tracked } from './tracked.ts';
import { padRank } from './tracked.ts';

const PLAIN = { transA: false, transB: false, flattenK: false, alpha: 1 } as const;

const matMul: Handler = (s, node) => {
  const [a, b] = [s.get(node.inputs[0]), s.get(node.inputs[1])];
  const label = node.outputs[0];
  if (a.shape.length < 2 || b.shape.length < 2) throw s.unsupported(node, say`multiplies by a vector`);
  const [m, k] = a.shape.slice(-2);
  const [inner, n] = b.shape.slice(-2);
  if (inner !== k)
    throw s.unsupported(
      node,
      say`multiplies [${a.shape.join(', ')}] by [${b.shape.join(', ')}], which do not fit`,
    );
  if (b.shape.length === 2) {
    const x = s.materialise(a, new Set([a.shape.length - 2, a.shape.length - 1]));
    const inputs = [s.operand(x), s.operand(s.materialise(b))];
    const shape = (dims: readonly number[]): number[] => [...dims.slice(0, -1), n];
    return s.set(label, s.node('MatMul', inputs, { ...PLAIN }, label, shape(x.stored), shape(x.shape)));
  }
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (!batch) throw s.unsupported(node, say`multiplies batches of different sizes`);
  const spread = (x: Tracked): string => {
    const shape = [...batch, ...x.shape.slice(-2)];
    const ranked = s.withRank(x, shape.length, `${x.label}#ranked`);
    return s.operand(s.materialise({ ...ranked, stored: padRank(ranked.stored, shape.length), shape }));
  };
  s.set(label, s.node('MatMul', [spread(a), spread(b)], { ...PLAIN }, label, [...batch, m, n]));
};

/** alpha·op(a)·op(b) + beta·c: a matmul whose bias is c, or an addition where c is more than a row. */
const gemm: Handler = (s, node) => {
  const [a, b] = [0, 1].map((i) => s.materialise(s.get(node.inputs[i])));
  const label = node.outputs[0];
  const transA = numberOf(node, 'transA', 0) === 1;
  const transB = numberOf(node, 'transB', 0) === 1;
  const alpha = numberOf(node, 'alpha', 1);
  const beta = numberOf(node, 'beta', 1);
  const m = transA ? a.shape[1] : a.shape[0];
  const n = transB ? b.shape[0] : b.shape[1];
  const attributes = { transA, transB, flattenK: false, alpha };
  const inputs = [s.operand(a), s.operand(b)];
  const given = node.inputs[2] && beta !== 0 ? s.get(node.inputs[2]) : undefined;
  if (!given) return s.set(label, s.node('MatMul', inputs, attributes, label, [m, n]));
  const c = beta === 1 ? given : unary(s, given, 'Scale', `${label}#beta`, beta);
  if (c.shape.length === 1 && c.stored[0] === n)
    return s.set(label, s.node('MatMul', [...inputs, s.operand(c)], attributes, label, [m, n]));
  const product = s.node('MatMul', inputs, attributes, `${label}#product`, [m, n]);
  s.set(label, s.node('Add', [s.operand(product), s.operand(c)], {}, label, [m, n]));
};

const layerNormalization: Handler = (s, node) => {
  const given = s.get(node.inputs[0]);
  const last = given.shape.length - 1;
  if (positiveAxis(numberOf(node, 'axis', -1), last + 1) !== last)
    throw s.unsupported(node, say`normalises more than the last axis`);
  const x = s.materialise(given, new Set([last]));
  const width = x.shape[last];
  const label = node.outputs[0];
  const vector = (value: Tracked): string => {
    const dense = s.materialise({ ...value, shape: [width], stored: [sizeOf(value.stored)] });
    return s.operand(dense);
  };
  const beta = node.inputs[2]
    ? s.get(node.inputs[2])
    : constantValue(`${label}#zeros`, refTensor([width], new Float64Array(width)));
  const rows = sizeOf(x.stored) / width;
  const [y] = s.emit(
    'LayerNorm',
    [s.operand(x), vector(s.get(node.inputs[1])), vector(beta)],
    { epsilon: numberOf(node, 'epsilon', 1e-5) },
    [
      { label, shape: x.stored },
      { label: `${label}#mean`, shape: [rows] },
      { label: `${label}#rstd`, shape: [rows] },
    ],
  );
  s.set(label, {
    label: y,
    shape: x.shape,
    stored: x.stored,
    type: 'float32',
    place: { in: 'device', id: y },
  });
};

const softmax: Handler = (s, node) => {
  const given = s.get(node.inputs[0]);
  const rank = given.shape.length;
  const old = s.graph.opset < 13;
  const axis = positiveAxis(numberOf(node, 'axis', old ? 1 : -1), rank);
  const label = node.outputs[0];
  if (axis === rank - 1) {
    const x = s.materialise(given, new Set([axis]));
    return s.set(label, s.node('Softmax', [s.operand(x)], {}, label, x.stored, x.shape));
  }
  if (!old) throw s.unsupported(node, say`runs over axis ${axis}, not the last`);
  const x = s.materialise(given);
  const flat = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))];
  const lines = s.reshaped(x, flat, flat, `${label}#lines`);
  const y = s.node('Softmax', [s.operand(lines)], {}, `${label}#softmax`, flat);
  s.set(label, s.reshaped(y, x.shape, x.shape, label));
};

const reduce =
  (kind: 'sum' | 'mean'): Handler =>
  (s, node) => {
    const given = s.get(node.inputs[0]);
    const raw = axesOf(s, node, 1);
    const none = !raw || raw.length === 0;
    if (none && numberOf(node, 'noop_with_empty_axes', 0) === 1) return s.set(node.outputs[0], given);
    const all = given.shape.map((_, i) => i);
    const axes = none ? all : raw.map((axis) => positiveAxis(axis, given.shape.length)).sort((a, b) => a - b);
    const x = s.materialise(given, new Set(axes));
    const keep = numberOf(node, 'keepdims', 1) === 1;
    const shrink = (dims: readonly number[]): number[] =>
      dims.flatMap((n, i) => (axes.includes(i) ? (keep ? [1] : []) : [n]));
    const label = node.outputs[0];
    s.set(label, s.node('Reduce', [s.operand(x)], { kind, axes }, label, shrink(x.stored), shrink(x.shape)));
  };

/** The rate is an attribute before operator set 12, an input since. */
const dropout: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const rate =
    (node.inputs[1] ? s.constant(node.inputs[1])?.data[0] : undefined) ?? numberOf(node, 'ratio', 0.5);
  const id = ++s.dropouts;
  const label = node.outputs[0];
  if (s.mode === 'eval' || rate === 0) return s.set(label, x);
  const dense = s.materialise(x);
  s.set(label, s.node('Dropout', [s.operand(dense)], { rate, id }, label, dense.shape));
};

/** The program value of a device value, if it has one and `op` computes it. */
export function computedBy(s: Specialiser, value: Tracked, op: string): boolean {
  const { place } = value;
  return place.in === 'device' && s.program.nodes.some((n) => n.op === op && n.outputs[0] === place.id);
}

export const LINEAR_HANDLERS: Readonly<Record<string, Handler>> = {
  MatMul: matMul,
  Gemm: gemm,
  LayerNormalization: layerNormalization,
  Softmax: softmax,
  ReduceMean: reduce('mean'),
  ReduceSum: reduce('sum'),
  Dropout: dropout,
};
