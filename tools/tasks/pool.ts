/** Draws of words, of which some are never met in training. */
import type { PhiloxStream } from '../../src/graph/philox.ts';

/** What training draws from, and what only the rows held out know. */
export interface Pool<T> {
  shared: readonly T[];
  heldOut: readonly T[];
}

/** `a, b, c | d`: what follows the bar is held out. */
export function words(source: string): Pool<string> {
  const [shared, heldOut = ''] = source.split('|').map((part) =>
    part
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ) as [string[], string[]?];
  return { shared, heldOut: heldOut === '' ? [] : heldOut };
}

/** Pairs of words that belong together: `a/b, c/d | e/f`. */
export function pairs(source: string): Pool<readonly [string, string]> {
  const { shared, heldOut } = words(source);
  const split = (pair: string) => pair.split('/') as [string, string];
  return { shared: shared.map(split), heldOut: heldOut.map(split) };
}

/** `an old cup`, `a new one` */
export function withArticle(text: string): string {
  return `${/^[aeiou](?!se)/.test(text) ? 'an' : 'a'} ${text}`;
}

/** Share of draws that rows held out take from what training never meets. */
const HELD_OUT = 0.25;

export class Draw {
  readonly #random: PhiloxStream;
  readonly #heldOut: boolean;

  constructor(random: PhiloxStream, heldOut: boolean) {
    this.#random = random;
    this.#heldOut = heldOut;
  }

  of<T>({ shared, heldOut }: Pool<T>): T {
    const held = this.#heldOut && heldOut.length > 0 && this.#random.uniform() < HELD_OUT;
    return this.pick(held ? heldOut : shared);
  }

  /** Different ones. */
  several<T>(pool: Pool<T>, count: number): T[] {
    const drawn = new Set<T>();
    while (drawn.size < count) drawn.add(this.of(pool));
    return [...drawn];
  }

  /** Another one than those. */
  other<T>(pool: Pool<T>, than: readonly T[]): T {
    for (;;) {
      const one = this.of(pool);
      if (!than.includes(one)) return one;
    }
  }

  pick<T>(items: readonly T[]): T {
    return items[this.#random.below(items.length)];
  }

  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.#random.below(i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }
}
