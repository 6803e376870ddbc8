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

/**
 *  constant  known now (`tensor` has the stored shape)
 *  host      known once a batch's integer inputs are (a host value's name)
 *  device    a value of the program
 */
export type Place =
  { in: 'constant'; tensor: RefTensor } | { in: 'host'; name: string } | { in: 'device'; id: string };

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
