/** Where a forward pass may be cut: the places that least crosses, as between the layers of a transformer. */
import type { AnyNode, Program } from '../graph/program.ts';
import { bytesOf } from './lifetimes.ts';

/** A place in the forward pass and the values that what follows it reads of what comes before. */
export interface Cut {
  /** Index of the node it follows. */
  after: number;
  values: ReadonlySet<string>;
}

/** Nodes on either side of a place that it is measured against: about a layer. */
const WINDOW = 24;
/** A cut may be crossed by so many times what crosses the least crossed places before and behind it. */
const TOLERANCE = 1.2;
/** Every cut, every second and so on. */
const STRIDES = [1, 2, 3, 4, 6, 8];
/** Nodes with products in them: what lies between two places without one costs little to do again. */
const PRODUCTS: ReadonlySet<string> = new Set(['MatMul', 'Attention', 'SparseMatMul', 'LinearCrossEntropy']);

/** Sets of cuts to choose from, each in the order of the nodes. */
export function cutsOf(
  program: Program,
  forward: readonly AnyNode[],
  root: (value: string) => string,
): Cut[][] {
  const places = leastCrossed(program, forward, root);
  return STRIDES.flatMap((stride) => {
    // Counted from the end: behind the last cut nothing is done again.
    const cuts = places.filter((_, i) => (places.length - 1 - i) % stride === 0);
    return cuts.length > 0 ? [cuts] : [];
  });
}

function leastCrossed(program: Program, forward: readonly AnyNode[], root: (value: string) => string): Cut[] {
  const last = new Map<string, number>();
  forward.forEach(({ inputs }, at) => {
    for (const input of inputs) last.set(root(input), at);
  });
  const crossing: number[] = [];
  const ending = new Map<number, string[]>();
  let live = 0;
  const made = forward.map(({ op, outputs }) => (op === 'Reshape' || op === 'Write' ? [] : outputs));
  forward.forEach((_, at) => {
    for (const value of made[at]) {
      const end = value ? (last.get(value) ?? at) : at;
      if (end <= at) continue;
      live += bytesOf(program, value);
      ending.set(end, [...(ending.get(end) ?? []), value]);
    }
    for (const value of ending.get(at) ?? []) live -= bytesOf(program, value);
    crossing.push(live);
  });
  const places: number[] = [];
  let sinceProduct = false;
  forward.forEach(({ op }, at) => {
    if (PRODUCTS.has(op)) sinceProduct = true;
    if (!sinceProduct || crossing[at] === 0) return;
    // Of the two sides the one that more crosses: next to a pooler, or in a decoder beside the encoder's end.
    const least = Math.max(leastOf(at - WINDOW, at), leastOf(at, at + WINDOW));
    if (crossing[at] > TOLERANCE * least) return;
    // Of places with no product between them the first: what follows is little to do again.
    places.push(at);
    sinceProduct = false;
  });
  return places.map((after) => ({ after, values: valuesAcross(after) }));

  function leastOf(from: number, to: number): number {
    return Math.min(...crossing.slice(Math.max(0, from), to + 1).filter((bytes) => bytes > 0));
  }

  function valuesAcross(place: number): Set<string> {
    const across = new Set<string>();
    for (let at = 0; at <= place; at++)
      for (const value of made[at]) if (value && (last.get(value) ?? at) > place) across.add(value);
    return across;
  }
}
