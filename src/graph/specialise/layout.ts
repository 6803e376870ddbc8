/** Source operators that rearrange device values. */
import { say } from '../../sentence.ts';
import {
  permutation,
  reshapeTo,
  sliceRanges,
  splitSizes,
  squeezedAxes,
  unsqueezeShape,
} from '../onnx-ops/shape-rules.ts';
import { presentAxis } from '../onnx-ops/call.ts';
import { broadcastAll } from '../onnx-ops/broadcast.ts';
import { sizeOf } from '../reference/tensor.ts';
import type { SourceNode } from '../source.ts';
import type { Handler, Specialiser } from './specialiser.ts';
import type { Tracked } from './tracked.ts';
import { padRank } from './tracked.ts';

export function numberOf(node: SourceNode, name: string, fallback: number): number {
  const value = node.attributes[name];
  return typeof value === 'number' ? value : fallback;
}

export function numbersOf(node: SourceNode, name: string): number[] | undefined {
  const value = node.attributes[name];
  return Array.isArray(value) ? value.map(Number) : undefined;
}

/** Axes as input `index` or as the attribute of older operator sets. */
export function axesOf(s: Specialiser, node: SourceNode, index: number): number[] | undefined {
  return s.numbers(node, index) ?? numbersOf(node, 'axes');
}

const reshape: Handler = (s, node) => {
  const x = s.materialise(s.get(node.inputs[0]));
  const target = s.numbers(node, 1)!;
  const shape = reshapeTo(x.shape, target, numberOf(node, 'allowzero', 0) === 1);
  s.set(node.outputs[0], s.reshaped(x, shape, shape, node.outputs[0]));
};

const flatten: Handler = (s, node) => {
  const x = s.materialise(s.get(node.inputs[0]));
  const raw = numberOf(node, 'axis', 1);
  const axis = raw < 0 ? raw + x.shape.length : raw;
  const shape = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))];
  s.set(node.outputs[0], s.reshaped(x, shape, shape, node.outputs[0]));
};

/** Both shapes gain the same ones. Serves host values and constants too. */
export const unsqueeze: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const axes = axesOf(s, node, 1) ?? [];
  const [stored, shape] = [unsqueezeShape(x.stored, axes), unsqueezeShape(x.shape, axes)];
  s.set(node.outputs[0], s.reshaped(x, stored, shape, node.outputs[0]));
};

export const squeeze: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const dropped = squeezedAxes(x.shape, axesOf(s, node, 1));
  const keep = (dims: readonly number[]): number[] => dims.filter((_, i) => !dropped.has(i));
  s.set(node.outputs[0], s.reshaped(x, keep(x.stored), keep(x.shape), node.outputs[0]));
};

/** Only what the value means grows. Serves host values and constants too. */
export const expand: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const shape = broadcastAll(x.shape, s.numbers(node, 1)!);
  const ranked = s.withRank(x, shape.length, node.outputs[0]);
  s.set(node.outputs[0], { ...ranked, stored: padRank(ranked.stored, shape.length), shape });
};

const transpose: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const perm = permutation(x.shape.length, numbersOf(node, 'perm'));
  const move = (dims: readonly number[]): number[] => perm.map((axis) => dims[axis]);
  const label = node.outputs[0];
  s.set(label, s.node('Transpose', [s.operand(x)], { perm }, label, move(x.stored), move(x.shape)));
};

const concat: Handler = (s, node) => {
  const parts = node.inputs
    .map((name) => s.materialise(s.get(name)))
    .filter((part) => sizeOf(part.shape) > 0);
  const rank = parts[0].shape.length;
  const axis = presentAxis(numberOf(node, 'axis', 0), rank);
  for (const part of parts)
    if (part.shape.length !== rank || part.shape.some((n, i) => i !== axis && n !== parts[0].shape[i]))
      throw s.unsupported(
        node,
        say`joins shapes [${parts[0].shape.join(', ')}] and [${part.shape.join(', ')}], which do not fit`,
      );
  const shape = parts[0].shape.map((n, i) =>
    i === axis ? parts.reduce((sum, p) => sum + p.shape[i], 0) : n,
  );
  const inputs = parts.map((part) => s.operand(part));
  s.set(node.outputs[0], s.node('Concat', inputs, { axis }, node.outputs[0], shape));
};

/** A contiguous range of one axis; nothing is emitted where the range is the whole axis. */
export function sliceAxis(
  s: Specialiser,
  x: Tracked,
  axis: number,
  start: number,
  end: number,
  label: string,
): Tracked {
  if (start === 0 && end === x.shape[axis]) return x;
  const dense = s.materialise(x, new Set([axis]));
  const cut = (dims: readonly number[]): number[] => dims.map((n, i) => (i === axis ? end - start : n));
  const attributes = { axis, start, end };
  return s.node('Slice', [s.operand(dense)], attributes, label, cut(dense.stored), cut(dense.shape));
}

const slice: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const starts = s.numbers(node, 1) ?? numbersOf(node, 'starts') ?? [];
  const ends = s.numbers(node, 2) ?? numbersOf(node, 'ends') ?? [];
  const ranges = sliceRanges(
    x.shape,
    starts,
    ends,
    s.numbers(node, 3) ?? numbersOf(node, 'axes'),
    s.numbers(node, 4),
  );
  let result = x;
  ranges.forEach(({ start, step, count }, axis) => {
    if (step !== 1 && count > 1)
      throw s.unsupported(node, say`slices with a step of ${step}, which has no kernel`);
    if (count === 0) throw s.unsupported(node, say`slices nothing out of shape [${x.shape.join(', ')}]`);
    const last = ranges.slice(axis + 1).every((range, i) => range.count === x.shape[axis + 1 + i]);
    const label = last ? node.outputs[0] : `${node.outputs[0]}#${axis}`;
    result = sliceAxis(s, result, axis, start, start + count, label);
  });
  s.set(node.outputs[0], result);
};

const split: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const axis = presentAxis(numberOf(node, 'axis', 0), x.shape.length);
  const given = s.numbers(node, 1) ?? numbersOf(node, 'split');
  let start = 0;
  splitSizes(x.shape[axis], given, node.outputs.length).forEach((size, i) => {
    s.set(node.outputs[i], sliceAxis(s, x, axis, start, start + size, node.outputs[i]));
    start += size;
  });
};

export const LAYOUT_HANDLERS: Readonly<Record<string, Handler>> = {
  Reshape: reshape,
  Flatten: flatten,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Expand: expand,
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  Split: split,
};
