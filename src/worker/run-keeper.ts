/**
 * Stores a comparison while it trains: events every second, checkpoints when due, adapters at the ends.
 * Writes go one after another behind the training, which never waits for them. A write that is refused is
 * said in one sentence and tried again with the next; nothing that was trained depends on it.
 */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import type { RunStore } from '../runs/storage/run-store.ts';
import type { StoredRunState } from '../runs/storage/stored.ts';
import { summarize } from '../runs/summary.ts';
import { CheckpointTimer, type CheckpointKeeper, type StagedCheckpoint } from '../train/checkpoint.ts';
import type { RunOutcome } from '../train/comparison.ts';
import type { RunEvent } from '../train/events.ts';

/** Milliseconds between writes of events. */
const WRITE_INTERVAL = 1000;
/** Milliseconds between summaries where nothing was evaluated. */
const SUMMARY_INTERVAL = 5000;

export interface KeeperOptions {
  store: RunStore;
  /** Id of the stored comparison. */
  comparison: string;
  /** Events of runs that are there already, by key: those of a comparison that goes on. */
  events?: ReadonlyMap<string, readonly RunEvent[]>;
  /** Hears what to say about storage: a sentence when a write is refused, null when one succeeds again. */
  say: (problem: Sentence | null) => void;
  /** Something in the store has changed. */
  changed: () => void;
  /** Keeps checkpoints? Not where a run is too large. */
  checkpointBytes?: number;
}

interface KeptRun {
  events: RunEvent[];
  /** How many of them are in the store. */
  stored: number;
  summarized: number;
}

export class RunKeeper {
  readonly #options: KeeperOptions;
  readonly #runs = new Map<string, KeptRun>();
  #queue: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #refused = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    for (const [run, events] of options.events ?? [])
      this.#runs.set(run, { events: [...events], stored: events.length, summarized: 0 });
  }

  /** Takes in an event. */
  record(run: string, event: RunEvent): void {
    this.#run(run).events.push(event);
    this.#timer ??= setTimeout(() => this.#flush(), WRITE_INTERVAL);
  }

  /** A run's checkpoints: at evaluations, else every half minute; fewer where they take long. */
  checkpoints(run: string): CheckpointKeeper<StagedCheckpoint> {
    const { store, comparison } = this.#options;
    const timer = new CheckpointTimer();
    let writing = false;
    let asked: number | null = null;
    return {
      due: (afterEvaluation) => {
        if (writing || !timer.due(afterEvaluation)) return false;
        asked = performance.now();
        return true;
      },
      keep: (state) => {
        const from = asked ?? performance.now();
        asked = null;
        writing = true;
        const { length } = this.#run(run).events;
        this.#flush();
        this.#write(async () => {
          await store.saveCheckpoint(comparison, run, length, state);
          this.#options.changed();
        });
        this.#queue = this.#queue.finally(() => {
          writing = false;
          timer.taken(performance.now() - from);
        });
      },
    };
  }

  /** A run has come to an end: everything of it is written now. */
  ended({ key, end, adapter, adapterStep, predictions }: RunOutcome): void {
    this.#flush();
    const { store, comparison } = this.#options;
    const finished = end.reason === 'completed' || end.reason === 'earlyStopped';
    this.#write(async () => {
      if (adapter !== null) await store.saveAdapter(comparison, key, adapterStep ?? 0, adapter);
      const { events } = this.#run(key);
      if (predictions !== null) await store.savePredictions(comparison, key, predictions);
      const change: Partial<StoredRunState> = { phase: end.reason, summary: summarize(events) };
      await store.update(comparison, key, change);
      if (finished) await store.dropCheckpoint(comparison, key);
      this.#options.changed();
    });
  }

  /** Resolves when all that was to be written has been, or was refused. */
  async settled(): Promise<void> {
    this.#flush();
    await this.#queue;
  }

  #run(key: string): KeptRun {
    const run = this.#runs.get(key) ?? { events: [], stored: 0, summarized: 0 };
    this.#runs.set(key, run);
    return run;
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { store, comparison } = this.#options;
    for (const [key, run] of this.#runs) {
      this.#write(async () => {
        const { stored } = run;
        const fresh = run.events.slice(stored);
        if (fresh.length === 0) return;
        await store.append(comparison, key, stored, fresh);
        run.stored = stored + fresh.length;
        const ended = run.events.at(-1)?.type === 'end';
        const now = performance.now();
        const telling = fresh.some(({ type }) => type === 'start' || type === 'evaluate');
        if (ended || (!telling && now - run.summarized < SUMMARY_INTERVAL)) return;
        run.summarized = now;
        await store.update(comparison, key, { phase: 'running', summary: summarize(run.events) });
        this.#options.changed();
      });
    }
  }

  #write(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).then(
      () => {
        if (this.#refused) this.#options.say(null);
        this.#refused = false;
      },
      (error: unknown) => {
        if (!this.#refused) this.#options.say(storageSentence(error));
        this.#refused = true;
      },
    );
  }
}

/** What to say when storage refuses. */
export function storageSentence(error: unknown): Sentence {
  if (error instanceof StudioError) return error.sentence;
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError') {
    return say`The browser’s storage is full, so this comparison is not being saved; training goes on, and results can be downloaded when it ends: delete old comparisons in the history to make room.`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return say`The browser refused to store this comparison (${message}); training goes on: download the results when it ends.`;
}

/** What to say when the files that a comparison is made of could not be kept. */
export function inputsSentence(error: unknown): Sentence {
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  const why = full ? say`storage is full` : error instanceof Error ? error.message : String(error);
  return say`The comparison is being saved, but its data and model files could not be (${why}); opening it later will ask for them by name.`;
}
