/**
 * Strided views: the one description that broadcasting, transposing, expanding, slicing and concatenating
 * share. A view gives each axis of a shape a step in memory, 0 where it repeats.
 */
import { sizeOf } from '../../graph/reference/tensor.ts';

export const MAX_RANK = 5;

/** Steps of a dense row-major array. */
export function denseStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Steps by which an array of shape `from` is read as one of shape `shape`, by numpy's broadcasting. */
export function broadcastStrides(from: readonly number[], shape: readonly number[]): number[] {
  const lead = shape.length - from.length;
  const dense = denseStrides(from);
  return shape.map((d, axis) => {
    const own = axis < lead ? 1 : from[axis - lead];
    if (own !== 1 && own !== d)
      throw new Error(`internal: [${from.join(', ')}] does not broadcast to [${shape.join(', ')}]`);
    return own === 1 ? 0 : dense[axis - lead];
  });
}

export interface Collapsed {
  /** Exactly MAX_RANK, leading ones. */
  dims: number[];
  /** One list a view, MAX_RANK steps each. */
  strides: number[][];
}

/**
 * Drops axes of length 1 and joins neighbours that every view walks through in one go, so that most ops
 * become one or two axes long. Throws `internal:` when more than MAX_RANK remain.
 */
export function collapse(shape: readonly number[], views: readonly (readonly number[])[]): Collapsed {
  const dims: number[] = [];
  const strides: number[][] = views.map(() => []);
  shape.forEach((d, axis) => {
    if (d === 1) return;
    const last = dims.length - 1;
    if (last >= 0 && views.every((view, v) => strides[v][last] === view[axis] * d)) {
      dims[last] *= d;
      views.forEach((view, v) => (strides[v][last] = view[axis]));
      return;
    }
    dims.push(d);
    views.forEach((view, v) => strides[v].push(view[axis]));
  });
  if (dims.length > MAX_RANK)
    throw new Error(`internal: a view of [${shape.join(', ')}] needs more than ${MAX_RANK} axes`);
  // A scalar, or nothing left: one axis of length 1.
  const lead = MAX_RANK - dims.length;
  return {
    dims: [...new Array<number>(lead).fill(1), ...dims],
    strides: strides.map((view) => [...new Array<number>(lead).fill(0), ...view]),
  };
}

/** Whether four neighbours along the inner axis can be one item: every view has inner step 1 or, if allowed, 0. */
export function canWiden({ dims, strides }: Collapsed, inner: readonly (readonly number[])[]): boolean {
  return (
    dims[MAX_RANK - 1] % 4 === 0 &&
    strides.every(
      (view, v) => inner[v].includes(view[MAX_RANK - 1]) && view.slice(0, -1).every((step) => step % 4 === 0),
    )
  );
}

/** The dims in items of four. */
export function widenDims(dims: readonly number[]): number[] {
  return [...dims.slice(0, -1), dims[MAX_RANK - 1] / 4];
}

/** Steps of a view with inner step 1, in items of four. */
export function widenStrides(strides: readonly number[]): number[] {
  return [...strides.slice(0, -1).map((step) => step / 4), 1];
}

/** `{ [prefix]0: list[0], ... }` */
export function numbered(prefix: string, list: readonly number[]): Record<string, number> {
  return Object.fromEntries(list.map((value, k) => [`${prefix}${k}`, value]));
}
