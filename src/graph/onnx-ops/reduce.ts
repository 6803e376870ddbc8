/** Reductions, running sums and softmax. */
import { refTensor, sizeOf } from '../reference/tensor.ts';
import type { RefTensor } from '../reference/tensor.ts';
import { stridesOf } from './broadcast.ts';
import { axesOf, numberAttribute, numberOfInput, positiveAxis, required } from './call.ts';
import type { OnnxCall, OnnxOp } from './call.ts';

/** The axes a reduction runs over: all of them when none are given (unless the node says otherwise). */
export function reducedAxes(rank: number, axes: readonly number[] | undefined, call: OnnxCall): Set<number> {
  if (axes && axes.length > 0) return new Set(axes.map((axis) => positiveAxis(axis, rank)));
  if (numberAttribute(call, 'noop_with_empty_axes', 0) === 1) return new Set();
  return new Set(Array.from({ length: rank }, (_, i) => i));
}

const reduction =
  (
    start: number,
    step: (accumulator: number, x: number) => number,
    finish: (accumulator: number, count: number) => number = (a) => a,
  ): OnnxOp =>
  (inputs, call) => {
    const x = required(inputs, 0);
    const axes = reducedAxes(x.shape.length, axesOf(inputs, call, 1), call);
    const kept = x.shape.map((n, i) => (axes.has(i) ? 1 : n));
    const keptStrides = stridesOf(kept).map((stride, i) => (axes.has(i) ? 0 : stride));
    const strides = stridesOf(x.shape);
    const data = new Float64Array(sizeOf(kept)).fill(start);
    x.data.forEach((value, n) => {
      let at = 0;
      for (let i = 0; i < x.shape.length; i++)
        at += (Math.floor(n / strides[i]) % x.shape[i]) * keptStrides[i];
      data[at] = step(data[at], value);
    });
    const count = x.data.length / Math.max(data.length, 1);
    for (let i = 0; i < data.length; i++) data[i] = finish(data[i], count);
    const shape = numberAttribute(call, 'keepdims', 1) === 1 ? kept : x.shape.filter((_, i) => !axes.has(i));
    return [refTensor(shape, data, x.type)];
  };

/** Runs `f` over every line of elements along `axis`: `line[i]` is at `start + i·stride`. */
function alongAxis(
  shape: readonly number[],
  axis: number,
  f: (start: number, stride: number, count: number) => void,
): void {
  const count = shape[axis];
  const stride = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  for (let o = 0; o < outer; o++) for (let i = 0; i < stride; i++) f(o * count * stride + i, stride, count);
}

const cumSum: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const axis = positiveAxis(numberOfInput(inputs, 1), x.shape.length);
  const exclusive = numberAttribute(call, 'exclusive', 0) === 1;
  const reverse = numberAttribute(call, 'reverse', 0) === 1;
  const data = new Float64Array(x.data.length);
  alongAxis(x.shape, axis, (start, stride, count) => {
    let sum = 0;
    for (let n = 0; n < count; n++) {
      const at = start + (reverse ? count - 1 - n : n) * stride;
      if (exclusive) data[at] = sum;
      sum += x.data[at];
      if (!exclusive) data[at] = sum;
    }
  });
  return [refTensor(x.shape, data, x.type)];
};

function softmaxOver(x: RefTensor, shape: readonly number[], axis: number, log: boolean): RefTensor {
  const data = new Float64Array(x.data.length);
  alongAxis(shape, axis, (start, stride, count) => {
    let max = -Infinity;
    for (let i = 0; i < count; i++) max = Math.max(max, x.data[start + i * stride]);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += Math.exp(x.data[start + i * stride] - max);
    for (let i = 0; i < count; i++) {
      const shifted = x.data[start + i * stride] - max;
      data[start + i * stride] = log ? shifted - Math.log(sum) : Math.exp(shifted) / sum;
    }
  });
  return refTensor(x.shape, data, x.type);
}

/**
 * Before operator set 13 the axis (default 1) and all behind it form one line; since then the axis
 * (default −1) alone does.
 */
const softmax =
  (log: boolean): OnnxOp =>
  (inputs, call) => {
    const x = required(inputs, 0);
    const old = call.opset < 13;
    const axis = positiveAxis(numberAttribute(call, 'axis', old ? 1 : -1), x.shape.length);
    if (!old) return [softmaxOver(x, x.shape, axis, log)];
    const flat = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))];
    return [softmaxOver(x, flat, 1, log)];
  };

export const REDUCE_OPS: Readonly<Record<string, OnnxOp>> = {
  ReduceSum: reduction(0, (a, x) => a + x),
  ReduceMean: reduction(
    0,
    (a, x) => a + x,
    (a, count) => a / count,
  ),
  ReduceMax: reduction(-Infinity, Math.max),
  ReduceMin: reduction(Infinity, Math.min),
  ReduceProd: reduction(1, (a, x) => a * x),
  ReduceL2: reduction(0, (a, x) => a + x * x, Math.sqrt),
  ReduceSumSquare: reduction(0, (a, x) => a + x * x),
  CumSum: cumSum,
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
};
