/** Directions in the space of what a run trains, for pictures of its loss (Li et al. 2018). */
import { PhiloxStream } from '../../graph/philox.ts';

/** A tensor that trains. */
export interface Trainable {
  name: string;
  /** As stored. */
  dims: readonly number[];
  /** Does the graph store the transpose? Then a filter is a column. */
  transposed: boolean;
}

type Point = ReadonlyMap<string, Float32Array>;

/** Stream of the random direction. */
const SEED = 20_218;

/** From one point to another. */
export function between(from: Point, to: Point): Map<string, Float32Array> {
  return new Map([...from].map(([name, start]) => [name, to.get(name)!.map((value, i) => value - start[i])]));
}

/** `start + a·one + b·other` */
export function along(
  start: Point,
  one: Point,
  a: number,
  other: Point,
  b: number,
): Map<string, Float32Array> {
  return new Map(
    [...start].map(([name, values]) => {
      const [first, second] = [one.get(name)!, other.get(name)!];
      return [name, values.map((value, i) => value + a * first[i] + b * second[i])];
    }),
  );
}

/**
 * A random direction that is filter by filter as long as another one. Li et al. give it the length of the weights; that
 * of what was learned makes one step along it as long as one along the delta. A filter is what one output reads; a
 * vector is one.
 */
export function randomLike(direction: Point, trainables: readonly Trainable[]): Map<string, Float32Array> {
  return new Map(
    trainables.map(({ name, dims, transposed }, tensor) => {
      const wanted = direction.get(name)!;
      const random = new PhiloxStream(SEED, tensor);
      const values = Float32Array.from(wanted, () => random.normal(1));
      const rows = dims.length < 2 ? 1 : dims[0];
      const columns = wanted.length / rows;
      const columnwise = transposed && dims.length === 2;
      const filters = columnwise ? columns : rows;
      const filterOf = (i: number): number => (columnwise ? i % columns : Math.floor(i / columns));
      const [length, own] = [new Float64Array(filters), new Float64Array(filters)];
      for (let i = 0; i < wanted.length; i++) {
        length[filterOf(i)] += wanted[i] ** 2;
        own[filterOf(i)] += values[i] ** 2;
      }
      return [name, values.map((value, i) => value * Math.sqrt(length[filterOf(i)] / own[filterOf(i)]))];
    }),
  );
}
