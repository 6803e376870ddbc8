/** Shape arithmetic that the interpreter and the specialiser share. */
import { InvalidNode } from './invalid.ts';
import { say } from '../../sentence.ts';
import { sizeOf } from '../reference/tensor.ts';
import { presentAxis } from './call.ts';

/** The shape `Reshape` gives: 0 copies a dim (unless `allowZero`), −1 takes what is left. */
export function reshapeTo(from: readonly number[], target: readonly number[], allowZero = false): number[] {
  const dims = target.map((n, i) => (n === 0 && !allowZero ? (from[i] ?? 0) : n));
  const total = sizeOf(from);
  const open = dims.indexOf(-1);
  if (open >= 0) {
    const known = dims.reduce((product, n, i) => (i === open ? product : product * n), 1);
    dims[open] = known === 0 ? 0 : total / known;
  }
  if (sizeOf(dims) !== total || dims.some((n) => !Number.isInteger(n)))
    throw new InvalidNode(say`shape [${from.join(', ')}] cannot be reshaped to [${target.join(', ')}]`);
  return dims;
}

/** The sides of a tensor that are wanted. @throws InvalidNode where one is no side */
export function sidesOf(values: ArrayLike<number>): number[] {
  const sides = Array.from(values);
  if (!sides.every((n) => Number.isInteger(n) && n >= 0))
    throw new InvalidNode(say`[${sides.join(', ')}] is not the shape of a tensor`);
  return sides;
}

/** The shape with ones inserted at `axes` of the result. */
export function unsqueezeShape(shape: readonly number[], axes: readonly number[]): number[] {
  const rank = shape.length + axes.length;
  const inserted = new Set(axes.map((axis) => presentAxis(axis, rank)));
  if (inserted.size < axes.length) throw new InvalidNode(say`[${axes.join(', ')}] names an axis twice`);
  let next = 0;
  return Array.from({ length: rank }, (_, i) => (inserted.has(i) ? 1 : shape[next++]));
}

/** The axes `Squeeze` drops: those given, or every axis of size one. */
export function squeezedAxes(shape: readonly number[], axes: readonly number[] | undefined): Set<number> {
  const chosen = axes
    ? axes.map((axis) => presentAxis(axis, shape.length))
    : shape.flatMap((n, i) => (n === 1 ? [i] : []));
  return new Set(chosen);
}

/** The shape without its squeezed axes. */
export function squeezeShape(shape: readonly number[], axes: readonly number[] | undefined): number[] {
  const dropped = squeezedAxes(shape, axes);
  for (const axis of dropped)
    if (shape[axis] !== 1)
      throw new InvalidNode(say`axis ${axis} of shape [${shape.join(', ')}] is not of size one`);
  return shape.filter((_, i) => !dropped.has(i));
}

/**
 * How often `Tile` repeats each axis.
 * @throws InvalidNode where that is not said of each
 */
export function repeatsOf(shape: readonly number[], repeats: readonly number[]): readonly number[] {
  if (repeats.length !== shape.length)
    throw new InvalidNode(say`[${repeats.join(', ')}] does not repeat shape [${shape.join(', ')}]`);
  return repeats;
}

/**
 * The shape of tensors joined along an axis.
 * @throws InvalidNode where the others differ
 */
export function joinedShape(shapes: readonly (readonly number[])[], axis: number): number[] {
  const [first] = shapes;
  for (const shape of shapes)
    if (shape.length !== first.length || shape.some((n, i) => i !== axis && n !== first[i]))
      throw new InvalidNode(
        say`shapes [${first.join(', ')}] and [${shape.join(', ')}] do not join along axis ${axis}`,
      );
  return first.map((n, i) => (i === axis ? shapes.reduce((sum, shape) => sum + shape[i], 0) : n));
}

/** The axes in the order `Transpose` puts them: reversed where none is given. */
export function permutation(rank: number, perm: readonly number[] | undefined): number[] {
  if (!perm) return Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (perm.length !== rank || new Set(perm.map((axis) => presentAxis(axis, rank))).size !== rank)
    throw new InvalidNode(say`[${perm.join(', ')}] is not an order of the axes of a tensor of rank ${rank}`);
  return perm.map((axis) => presentAxis(axis, rank));
}

/** How many numbers `Range` gives. */
export function rangeCount(start: number, limit: number, delta: number): number {
  const count = Math.ceil((limit - start) / delta);
  if (delta === 0 || !Number.isFinite(count))
    throw new InvalidNode(say`no range goes from ${start} to ${limit} in steps of ${delta}`);
  return Math.max(0, count);
}

/** The shape `Pad` gives, and what stands before the elements along every axis. */
export function paddedShape(
  shape: readonly number[],
  pads: readonly number[],
  given: readonly number[] | undefined,
): { dims: number[]; before: number[] } {
  const axes = given ?? shape.map((_, i) => i);
  const before = shape.map(() => 0);
  const after = shape.map(() => 0);
  axes.forEach((raw, i) => {
    const axis = presentAxis(raw, shape.length);
    before[axis] = pads[i];
    after[axis] = pads[i + axes.length];
  });
  if (![...before, ...after].every((n) => Number.isInteger(n) && n >= 0))
    throw new InvalidNode(say`[${pads.join(', ')}] does not pad shape [${shape.join(', ')}]`);
  return { dims: shape.map((n, i) => before[i] + n + after[i]), before };
}

/** What `Slice` takes of one axis: `count` elements from `start`, `step` apart. */
export interface SliceRange {
  start: number;
  step: number;
  count: number;
}

/** One range for every axis, with ONNX's clamping of out-of-range bounds. */
export function sliceRanges(
  shape: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  axes?: readonly number[],
  steps?: readonly number[],
): SliceRange[] {
  const [axisCount, stepCount] = [axes?.length ?? starts.length, steps?.length ?? starts.length];
  if (
    [ends.length, axisCount, stepCount].some((count) => count !== starts.length) ||
    starts.length > shape.length ||
    ![...starts, ...ends, ...(steps ?? [])].every((n) => Number.isInteger(n)) ||
    steps?.includes(0) === true
  )
    throw new InvalidNode(
      say`no slice of shape [${shape.join(', ')}] goes from [${starts.join(', ')}] to [${ends.join(', ')}] in steps of [${(steps ?? [1]).join(', ')}]`,
    );
  const ranges = shape.map((count) => ({ start: 0, step: 1, count }));
  starts.forEach((rawStart, i) => {
    const axis = presentAxis(axes?.[i] ?? i, shape.length);
    const size = shape[axis];
    const step = steps?.[i] ?? 1;
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const clamp = (n: number, least: number): number => Math.min(Math.max(n < 0 ? n + size : n, least), high);
    const start = clamp(rawStart, 0);
    const end = clamp(ends[i], low);
    ranges[axis] = { start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
  return ranges;
}

/** Sizes of the parts of `Split`; equal ones, the last maybe smaller, where none are given. */
export function splitSizes(size: number, given: readonly number[] | undefined, parts: number): number[] {
  if (given && given.length > 0) {
    const fits = given.every((n) => Number.isInteger(n) && n >= 0) && given.length === parts;
    if (!fits || given.reduce((sum, n) => sum + n, 0) !== size)
      throw new InvalidNode(
        say`an axis of ${size} is not split into ${parts} parts of [${given.join(', ')}]`,
      );
    return [...given];
  }
  const each = Math.ceil(size / parts);
  return Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(each, size - i * each)));
}
