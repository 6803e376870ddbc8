/**
 * Stored comparisons: records and events in a database, adapters and checkpoints in files. The record that
 * points to a file is written after it, so a write that was cut short leaves what was there before.
 */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { RunEvent } from '../../train/events.ts';
import type { StagedCheckpoint } from '../../train/checkpoint.ts';
import { contentOf, type SavedFile } from '../adapter-names.ts';
import type { StepPredictions } from '../../train/predictions.ts';
import { openCheckpoint, writeCheckpoint } from '../checkpoint-file.ts';
import type { Database, StoredInput } from './database.ts';
import { readEntry, type RawEntry } from './entry.ts';
import type { FileStore } from './files.ts';
import { readAll } from './read-all.ts';
import {
  waitingRun,
  type StoredCheckpoint,
  type StoredComparison,
  type StoredEntry,
  type StoredRunState,
} from './stored.ts';

export class RunStore {
  readonly #database: Database;
  readonly #files: FileStore;

  constructor(database: Database, files: FileStore) {
    this.#database = database;
    this.#files = files;
  }

  /** A new comparison; all of its runs wait, unless it comes with what they have become. */
  async create(comparison: StoredComparison, states?: readonly StoredRunState[]): Promise<void> {
    const work = this.#database.transaction(['comparisons', 'runs'], 'readwrite');
    const waiting = comparison.runs.map(({ run }) => waitingRun(comparison.id, run));
    await Promise.all([
      work.objectStore('comparisons').put(comparison),
      ...(states ?? waiting).map((state) => work.objectStore('runs').put(state)),
      work.done,
    ]);
  }

  /**
   * All comparisons, the newest first, without their events and as they stand in the database: one that cannot be
   * read is in the list like any other. See `readEntry`.
   */
  async list(): Promise<RawEntry[]> {
    const [comparisons, states] = await Promise.all([
      readAll(this.#database, 'comparisons'),
      readAll(this.#database, 'runs'),
    ]);
    const own = new Map<unknown, unknown[]>();
    for (const { key, value } of states) {
      const [comparison] = key;
      const list = own.get(comparison) ?? [];
      own.set(comparison, list);
      list.push(value);
    }
    return comparisons
      .map(({ key, value }) => ({ id: key, comparison: value, runs: own.get(key) ?? [] }))
      .sort((a, b) => (createdOf(a) < createdOf(b) ? 1 : -1));
  }

  /** One comparison as `list` has it; null when it is gone. */
  async raw(id: string): Promise<RawEntry | null> {
    const [comparison, runs] = await Promise.all([
      readAll(this.#database, 'comparisons', id),
      readAll(this.#database, 'runs', runsOf(id)),
    ]);
    if (comparison.length === 0) return null;
    return { id, comparison: comparison[0].value, runs: runs.map(({ value }) => value) };
  }

  /** @throws StudioError('storage') when it is gone, or cannot be read */
  async get(id: string): Promise<StoredEntry> {
    const raw = await this.raw(id);
    if (raw === null) {
      throw new StudioError(
        'storage',
        say`This comparison is no longer stored; it was deleted in another tab.`,
      );
    }
    return readEntry(raw);
  }

  /** All that is stored of a comparison beside its files, as it stands, whatever it is. */
  async everything(id: string): Promise<object> {
    const [raw, events] = await Promise.all([this.raw(id), readAll(this.#database, 'events', runsOf(id))]);
    return { ...raw, events: events.map(({ value }) => value) };
  }

  /** @param first how many events of the run are stored already */
  async append(comparison: string, run: string, first: number, events: RunEvent[]): Promise<void> {
    await this.#database.put('events', { comparison, run, first, events });
  }

  /** All events of a run, in order. */
  async events(comparison: string, run: string): Promise<RunEvent[]> {
    const batches = await this.#database.getAll('events', eventsOf(comparison, run));
    return batches.flatMap(({ events }) => events);
  }

  /** Forgets events from the `count`th on: what a run did after its checkpoint, which it will do again. */
  async truncate(comparison: string, run: string, count: number): Promise<void> {
    const kept = (await this.events(comparison, run)).slice(0, count);
    const work = this.#database.transaction('events', 'readwrite');
    await Promise.all([
      work.store.delete(eventsOf(comparison, run)),
      ...(kept.length === 0 ? [] : [work.store.put({ comparison, run, first: 0, events: kept })]),
      work.done,
    ]);
  }

  /** Changes what is known of a run. A comparison that has been deleted meanwhile stays deleted. */
  async update(
    comparison: string,
    run: string,
    change: Partial<Omit<StoredRunState, 'comparison' | 'run'>>,
  ): Promise<void> {
    const work = this.#database.transaction('runs', 'readwrite');
    const state = await work.store.get([comparison, run]);
    if (state !== undefined) await work.store.put({ ...state, ...change });
    await work.done;
  }

  /** What a run says of the validation rows. */
  async savePredictions(comparison: string, run: string, predictions: StepPredictions): Promise<void> {
    await this.#database.put('predictions', { comparison, run, predictions });
  }

  /** Null when nothing was evaluated. */
  async predictions(comparison: string, run: string): Promise<StepPredictions | null> {
    const found = await this.#database.get('predictions', [comparison, run]);
    if (found !== undefined) return found.predictions;
    const state: unknown = await this.#database.get('runs', [comparison, run]);
    return (state as { predictions?: StepPredictions | null } | undefined)?.predictions ?? null;
  }

  async saveAdapter(
    comparison: string,
    run: string,
    step: number,
    files: readonly SavedFile[],
  ): Promise<void> {
    const written = files.map((file) => ({ name: file.name, content: contentOf(file) }));
    for (const { name, content } of written)
      await this.#files.write(`${runFolder(comparison, run)}/adapter/${name}`, content);
    const sizes = written.map(({ name, content }) => ({ name, bytes: content.byteLength }));
    await this.update(comparison, run, { adapter: { step, files: sizes } });
  }

  /** The adapter folder's files, or null when the run left none. */
  async adapter({ comparison, run, adapter }: StoredRunState): Promise<SavedFile[] | null> {
    if (adapter === null) return null;
    const files: SavedFile[] = [];
    for (const { name, bytes: size } of adapter.files) {
      const bytes = await this.#files.read(`${runFolder(comparison, run)}/adapter/${name}`);
      if (bytes?.byteLength !== size) return null;
      files.push({ name, bytes });
    }
    return files;
  }

  /**
   * @param events how many events the run has told so far
   * @returns what the run's state then says of it
   */
  async saveCheckpoint(
    comparison: string,
    run: string,
    events: number,
    state: StagedCheckpoint,
  ): Promise<StoredCheckpoint> {
    const before = (await this.#database.get('runs', [comparison, run]))?.checkpoint ?? null;
    const slot = before?.slot === 0 ? 1 : 0;
    const bytes = writeCheckpoint(state);
    await this.#files.write(checkpointFile(comparison, run, slot), bytes);
    const checkpoint: StoredCheckpoint = {
      slot,
      step: state.steps + state.run.step,
      events,
      bytes: bytes.byteLength,
    };
    await this.update(comparison, run, { checkpoint });
    return checkpoint;
  }

  /** Null when there is none, or its file is not whole. */
  async checkpoint({ comparison, run, checkpoint }: StoredRunState): Promise<StagedCheckpoint | null> {
    if (checkpoint === null) return null;
    const file = await this.#files.open(checkpointFile(comparison, run, checkpoint.slot));
    return file?.size === checkpoint.bytes ? openCheckpoint(file) : null;
  }

  /** A run that has come to its end needs no checkpoint. */
  async dropCheckpoint(comparison: string, run: string): Promise<void> {
    await this.update(comparison, run, { checkpoint: null });
    for (const slot of [0, 1]) await this.#files.remove(checkpointFile(comparison, run, slot));
  }

  async rename(id: string, name: string): Promise<void> {
    const { comparison } = await this.get(id);
    await this.#database.put('comparisons', { ...comparison, name });
  }

  /** With its events, files, and inputs that no other comparison uses. */
  async remove(id: string): Promise<void> {
    const others = await readAll(this.#database, 'comparisons');
    const used = new Set(others.flatMap(({ key, value }) => (key === id ? [] : inputsOf(value))));
    // What one that cannot be read was made of is not known: then all is kept.
    const known = others.every(({ value }) => value !== undefined);
    const work = this.#database.transaction(
      ['comparisons', 'runs', 'events', 'predictions', 'inputs'],
      'readwrite',
    );
    await work.objectStore('comparisons').delete(id);
    await work.objectStore('runs').delete(runsOf(id));
    await work.objectStore('predictions').delete(runsOf(id));
    await work.objectStore('events').delete(runsOf(id));
    for (const key of known ? await work.objectStore('inputs').getAllKeys() : [])
      if (!used.has(key)) await work.objectStore('inputs').delete(key);
    await work.done;
    await this.#files.remove(`runs/${id}`);
  }

  /** Keeps what a comparison was made of, unless it is there already. */
  async keepInput(input: StoredInput): Promise<void> {
    if ((await this.#database.getKey('inputs', input.key)) === undefined)
      await this.#database.put('inputs', input);
  }

  async input(key: string): Promise<StoredInput | null> {
    return (await this.#database.get('inputs', key)) ?? null;
  }
}

/** Whatever of it a list is sorted by; nothing of what cannot be read. */
function createdOf({ comparison }: RawEntry): string {
  const { created } = (comparison ?? {}) as { created?: unknown };
  return typeof created === 'string' ? created : '';
}

function inputsOf(comparison: unknown): unknown[] {
  const { inputs } = (comparison ?? {}) as { inputs?: { model?: unknown; data?: unknown } | null };
  return [inputs?.model, inputs?.data];
}

/** Everything of a comparison whose key begins with its id. */
function runsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}

function eventsOf(comparison: string, run: string): IDBKeyRange {
  return IDBKeyRange.bound([comparison, run, 0], [comparison, run, Infinity]);
}

const runFolder = (comparison: string, run: string): string => `runs/${comparison}/${run}`;
const checkpointFile = (comparison: string, run: string, slot: number): string =>
  `${runFolder(comparison, run)}/checkpoint-${slot}.safetensors`;
