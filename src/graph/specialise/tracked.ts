/** What the specialiser knows about a value of the source graph. */
import type { RefTensor } from '../reference/tensor.ts';
import { sizeOf } from '../reference/tensor.ts';
import type { ElementType } from '../source.ts';

/**
 * A value has two shapes of the same rank. `shape` is what the source graph means; `stored` is what
 * memory holds, with 1 along axes that are mere repetition. An `Expand` changes the first only, so
 * nothing is copied until an operator needs the elements side by side.
 */
export interface Tracked {
  /** Name to build ids from: the source value's, where it survives. */
  label: string;
  shape: readonly number[];
  stored: readonly number[];
  type: ElementType;
  place: Place;
}

export type Place =
  /** Known now; the tensor has the stored shape. */
  | { in: 'constant'; tensor: RefTensor }
  /** Known once a batch's integer inputs are: a host value's name. */
  | { in: 'host'; name: string }
  /** A value of the program. */
  | { in: 'device'; id: string };

/** True when memory holds every element the value means. */
export function isDense(value: Tracked): boolean {
  return value.stored.every((n, i) => n === value.shape[i]);
}

/** The number, where the value is a constant of one stored element; else undefined. */
export function scalarOf(value: Tracked): number | undefined {
  return value.place.in === 'constant' && sizeOf(value.stored) === 1 ? value.place.tensor.data[0] : undefined;
}

/** The shape with leading ones to reach `rank`. */
export function padRank(shape: readonly number[], rank: number): number[] {
  return [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** A constant that holds one element along every axis on which it does not vary. */
export function compactConstant(label: string, tensor: RefTensor): Tracked {
  const { shape, type } = tensor;
  let stored = tensor;
  shape.forEach((n, axis) => {
    if (n > 1 && isInvariant(stored, axis)) stored = firstAlong(stored, axis);
  });
  return { label, shape, stored: stored.shape, type, place: { in: 'constant', tensor: stored } };
}

function isInvariant({ shape, data }: RefTensor, axis: number): boolean {
  const inner = sizeOf(shape.slice(axis + 1));
  const line = shape[axis] * inner;
  for (let start = 0; start < data.length; start += line)
    for (let i = inner; i < line; i++) if (data[start + i] !== data[start + i - inner]) return false;
  return true;
}

function firstAlong({ shape, type, data }: RefTensor, axis: number): RefTensor {
  const inner = sizeOf(shape.slice(axis + 1));
  const line = shape[axis] * inner;
  const dims = shape.map((n, i) => (i === axis ? 1 : n));
  const kept = new Float64Array(sizeOf(dims));
  for (let row = 0; row * line < data.length; row++)
    kept.set(data.subarray(row * line, row * line + inner), row * inner);
  return { shape: dims, type, data: kept };
}
