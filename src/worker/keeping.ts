/** What an engine stores of its comparisons, and the locks by which no other engine does. */
import type { Sentence } from '../sentence.ts';
import { takeLock, type Locks } from '../runs/storage/locks.ts';
import type { StoredComparison } from '../runs/storage/stored.ts';
import { announce } from './announce.ts';
import type { HeldStore } from './held-store.ts';
import { INPUTS, type Kept } from './kept.ts';
import { RunKeeper } from './run-keeper.ts';
import { StorageProblems } from './storage-problems.ts';
import { inputsSentence, storageSentence } from './storage-sentences.ts';
import { keepInputs, type Sources } from './stored-comparison.ts';

export class Keeping {
  readonly #store: HeldStore;
  readonly #locks: Locks | undefined;
  readonly #problems: StorageProblems;
  /** Comparisons of which something is still to be stored. */
  readonly #kept = new Map<string, { keeper: RunKeeper; release?: () => void }>();

  /** @param say hears the newest problem of storing, null when there is none, and of which comparisons there are some */
  constructor(
    store: HeldStore,
    locks: Locks | undefined,
    say: (problem: Sentence | null, unstored: string[]) => void,
  ) {
    this.#store = store;
    this.#locks = locks;
    this.#problems = new StorageProblems((problem, of) =>
      say(
        problem,
        of.filter((id) => id !== INPUTS),
      ),
    );
  }

  /** Puts a comparison that starts into the store; null, with a sentence to the page, where that is refused. */
  async keep(comparison: StoredComparison, sources: Sources): Promise<Kept | null> {
    if (!this.#store.exists) return null;
    try {
      const store = await this.#store.opens();
      const release = (await takeLock(this.#locks, comparison.id)) ?? (() => {});
      this.#problems.report(INPUTS, null);
      let created = true;
      try {
        await store.create(comparison);
        announce();
      } catch (error) {
        // There may be room later: the record is then the first thing to be written.
        created = false;
        this.#problems.report(comparison.id, storageSentence(error, comparison.name, []));
      }
      // Files are large: they are stored behind the training.
      void keepInputs(store, comparison, sources).catch((error: unknown) =>
        this.#problems.report(INPUTS, inputsSentence(error)),
      );
      return { store, comparison, created, release };
    } catch (error) {
      this.#problems.report(comparison.id, storageSentence(error, comparison.name, []));
      return null;
    }
  }

  /** What stores a comparison that trains here. */
  keeperOf({ store, comparison, created, release, earlier }: Kept): RunKeeper {
    const { id } = comparison;
    const keeper = new RunKeeper({
      store,
      comparison,
      created,
      events: earlier?.events,
      say: (problem) => this.#problems.report(id, problem),
      changed: announce,
    });
    this.#kept.set(id, { keeper, release });
    return keeper;
  }

  /** Stores no more of a comparison, and lets others have it. */
  async letGo(id: string, keeper = this.#kept.get(id)?.keeper): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept === undefined || kept.keeper !== keeper) return;
    this.#kept.delete(id);
    await kept.keeper.abandon();
    kept.release?.();
    announce();
  }
}
