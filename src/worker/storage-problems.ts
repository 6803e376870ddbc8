/** What storage has to say, of several comparisons at once: one that has ended may still be waiting for room. */
import type { Sentence } from '../sentence.ts';

export class StorageProblems {
  readonly #post: (problem: Sentence | null, of: string[]) => void;
  readonly #problems = new Map<string, Sentence>();

  /** @param post hears the newest problem there is, null when there is none, and what there are problems of */
  constructor(post: (problem: Sentence | null, of: string[]) => void) {
    this.#post = post;
  }

  /** @param of what it is about; its earlier problem is no more */
  report(of: string, problem: Sentence | null): void {
    const had = this.#problems.delete(of);
    if (problem !== null) this.#problems.set(of, problem);
    else if (!had) return;
    this.#post([...this.#problems.values()].at(-1) ?? null, [...this.#problems.keys()]);
  }
}
