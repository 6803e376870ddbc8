/**
 * Stores a comparison while it trains: events every second, checkpoints when due, adapters at the ends. Writes go
 * behind the training, which never waits for them. What could not be written stays due: it is tried again until it
 * holds, after the end of training too, and until then it is said in one sentence what is not stored.
 */
import type { RunStore } from '../runs/storage/run-store.ts';
import type { StoredComparison } from '../runs/storage/stored.ts';
import { summarize } from '../runs/summary.ts';
import type { Sentence } from '../sentence.ts';
import { CheckpointTimer, type CheckpointKeeper, type StagedCheckpoint } from '../train/checkpoint.ts';
import type { RunOutcome } from '../train/comparison.ts';
import type { RunEvent } from '../train/events.ts';
import { storageSentence } from './storage-sentences.ts';

/** Milliseconds between writes of events. */
const WRITE_INTERVAL = 1000;
/** Milliseconds between summaries where nothing was evaluated. */
const SUMMARY_INTERVAL = 5000;
/** Milliseconds until what was refused is tried again: at first, and at most. */
const RETRY = { first: 1000, most: 5000 };

export interface KeeperOptions {
  store: RunStore;
  comparison: StoredComparison;
  /** Whether its record is in the store already; if not, that is the first thing to write. */
  created?: boolean;
  /** Events of runs that are there already, by key: those of a comparison that goes on. */
  events?: ReadonlyMap<string, readonly RunEvent[]>;
  /** Hears what to say about storage: what is not stored, and null once all is. */
  say: (problem: Sentence | null) => void;
  /** Something in the store has changed. */
  changed: () => void;
  /** Overrides `RETRY`, for tests. */
  retry?: { first: number; most: number };
}

interface KeptRun {
  events: RunEvent[];
  /** How many of them are in the store. */
  stored: number;
  summarized: number;
  /** The newest that is not stored yet, and how many events the run had told by then. */
  checkpoint: { state: StagedCheckpoint; events: number; stored: () => void } | null;
  /** What it came to, until that is stored; whether its adapter is. */
  outcome: RunOutcome | null;
  adapterStored: boolean;
}

export class RunKeeper {
  readonly #options: KeeperOptions;
  readonly #runs = new Map<string, KeptRun>();
  #created: boolean;
  /** The pass over all that is due which is under way, and whether another is to follow it. */
  #pass: Promise<void> | null = null;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** How long the last wait after a refusal was; null when nothing has been refused. */
  #waited: number | null = null;
  #abandoned = false;
  readonly #waiting: (() => void)[] = [];

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#created = options.created ?? true;
    for (const [run, events] of options.events ?? []) {
      const kept = this.#run(run);
      kept.events = [...events];
      kept.stored = events.length;
    }
    if (this.#created) return;
    this.#waited = (options.retry ?? RETRY).first;
    this.#soon(this.#waited);
  }

  /** Takes in an event. */
  record(run: string, event: RunEvent): void {
    this.#run(run).events.push(event);
    this.#soon(WRITE_INTERVAL);
  }

  /** A run's checkpoints: at evaluations, else every half minute; fewer where they take long. */
  checkpoints(run: string): CheckpointKeeper<StagedCheckpoint> {
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
        const kept = this.#run(run);
        const stored = (): void => {
          writing = false;
          timer.taken(performance.now() - from);
        };
        kept.checkpoint = { state, events: kept.events.length, stored };
        // One that is refused waits for the next try, or for the next checkpoint in its place.
        void this.#write().then(stored);
      },
    };
  }

  /** A run has come to an end: everything of it is written now. */
  ended(outcome: RunOutcome): void {
    const run = this.#run(outcome.key);
    run.outcome = outcome;
    run.adapterStored = false;
    if (finished(outcome)) run.checkpoint = null;
    void this.#write();
  }

  /** Resolves when all that was to be written has been, or was refused once more. */
  settled(): Promise<void> {
    return this.#write();
  }

  /** Resolves when all is stored that is to be, or nobody waits for it any more. */
  async stored(): Promise<void> {
    await this.#write();
    if (this.#due().length === 0 || this.#abandoned) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Tries once more and then no more: what is in the store is to be used as it is. */
  async abandon(): Promise<void> {
    await this.#write();
    this.#abandoned = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waited !== null) this.#options.say(null);
    this.#release();
  }

  #run(key: string): KeptRun {
    const run = this.#runs.get(key) ?? {
      events: [],
      stored: 0,
      summarized: 0,
      checkpoint: null,
      outcome: null,
      adapterStored: false,
    };
    this.#runs.set(key, run);
    return run;
  }

  /** Keys of the runs of which something is not stored yet. */
  #due(): string[] {
    return [...this.#runs].flatMap(([key, { events, stored, checkpoint, outcome }]) =>
      !this.#created || stored < events.length || checkpoint !== null || outcome !== null ? [key] : [],
    );
  }

  #soon(wait: number): void {
    if (!this.#abandoned) this.#timer ??= setTimeout(() => void this.#write(), this.#waited ?? wait);
  }

  /** Writes all that is due, after what is being written. Never throws. */
  #write(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pass !== null) {
      this.#again = true;
      return this.#pass;
    }
    this.#pass = this.#passes().finally(() => (this.#pass = null));
    return this.#pass;
  }

  async #passes(): Promise<void> {
    do {
      this.#again = false;
      await this.#tryAll();
    } while (this.#again && !this.#abandoned);
  }

  async #tryAll(): Promise<void> {
    const { say, retry = RETRY, store, comparison } = this.#options;
    let refusal: { error: unknown } | null = null;
    try {
      if (!this.#created) {
        await store.create(comparison);
        this.#created = true;
        this.#options.changed();
      }
    } catch (error) {
      refusal = { error };
    }
    // One run's large files may not fit where another's few events do.
    if (refusal === null)
      for (const [key, run] of this.#runs)
        try {
          await this.#writeRun(key, run);
        } catch (error) {
          refusal ??= { error };
        }
    if (this.#abandoned) return;
    if (refusal !== null) {
      this.#waited = Math.min(retry.most, this.#waited === null ? retry.first : this.#waited * 2);
      say(storageSentence(refusal.error, comparison.name, this.#due()));
      this.#soon(this.#waited);
      return;
    }
    // What was refused before was due, and has been written now; what came meanwhile is written next time.
    if (this.#waited !== null) say(null);
    this.#waited = null;
    if (this.#due().length === 0) this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** @throws what the store refuses; what has been written before stays written */
  async #writeRun(key: string, run: KeptRun): Promise<void> {
    await this.#writeEvents(key, run);
    const { store, comparison, changed } = this.#options;
    const { checkpoint } = run;
    if (checkpoint !== null) {
      await store.saveCheckpoint(comparison.id, key, checkpoint.events, checkpoint.state);
      if (run.checkpoint === checkpoint) run.checkpoint = null;
      checkpoint.stored();
      changed();
    }
    const { outcome } = run;
    if (outcome === null) return;
    const { end, adapter, adapterStep, predictions } = outcome;
    if (adapter !== null && !run.adapterStored) {
      await store.saveAdapter(comparison.id, key, adapterStep ?? 0, adapter);
      run.adapterStored = true;
    }
    if (predictions !== null) await store.savePredictions(comparison.id, key, predictions);
    await store.update(comparison.id, key, { phase: end.reason, summary: summarize(run.events) });
    run.outcome = null;
    if (finished(outcome)) await store.dropCheckpoint(comparison.id, key);
    changed();
  }

  async #writeEvents(key: string, run: KeptRun): Promise<void> {
    const { store, comparison, changed } = this.#options;
    const { stored } = run;
    const fresh = run.events.slice(stored);
    if (fresh.length === 0) return;
    await store.append(comparison.id, key, stored, fresh);
    run.stored = stored + fresh.length;
    const ended = run.outcome !== null || run.events.at(-1)?.type === 'end';
    const now = performance.now();
    const telling = fresh.some(({ type }) => type === 'start' || type === 'evaluate');
    if (ended || (!telling && now - run.summarized < SUMMARY_INTERVAL)) return;
    run.summarized = now;
    await store.update(comparison.id, key, { phase: 'running', summary: summarize(run.events) });
    changed();
  }
}

function finished({ end }: RunOutcome): boolean {
  return end.reason === 'completed' || end.reason === 'earlyStopped';
}
