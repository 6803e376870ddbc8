/** The engine's store of comparisons: opened when it is first asked for. */
import { StudioError } from '../errors.ts';
import type { RunStore } from '../runs/storage/run-store.ts';
import { say } from '../sentence.ts';

export class HeldStore {
  readonly #open: (() => Promise<RunStore>) | undefined;
  #store: Promise<RunStore> | null = null;

  /** @param open opens it; without it nothing is kept */
  constructor(open: (() => Promise<RunStore>) | undefined) {
    this.#open = open;
  }

  get exists(): boolean {
    return this.#open !== undefined;
  }

  /** @throws StudioError('storage') */
  opens(): Promise<RunStore> {
    if (this.#open === undefined) {
      return Promise.reject(
        new StudioError('storage', say`This engine stores nothing; start a new comparison.`),
      );
    }
    this.#store ??= this.#open();
    // A refusal is no answer for the next time.
    this.#store.catch(() => (this.#store = null));
    return this.#store;
  }
}
