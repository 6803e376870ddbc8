/**
 * The comparisons that this browser keeps: the list, and what a person does with an entry. It reads the
 * same store that the worker writes; every tab hears of changes through a channel.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { STORE_CHANNEL } from '../../protocol/history.ts';
import { archiveFiles } from '../../runs/archive.ts';
import type { SavedFile } from '../../runs/adapter-names.ts';
import { lockedComparisons, takeLock, type Locks } from '../../runs/storage/locks.ts';
import type { RunStore } from '../../runs/storage/run-store.ts';
import type { RawEntry } from '../../runs/storage/entry.ts';
import type { StoredEntry } from '../../runs/storage/stored.ts';
import type { ReadingRoom } from '../../worker/reading/room.ts';
import { looseJson } from './loose-json.ts';
import { currentText } from '../i18n/current.ts';
import { problemOf, type Problem } from './studio-state.ts';

export interface HistoryState {
  open: boolean;
  loading: boolean;
  /** Newest first; each is looked at where it is shown. */
  entries: readonly RawEntry[];
  /** Comparisons that some tab trains now. */
  training: ReadonlySet<string>;
  problem: Problem | null;
  /** Bytes used and allowed, as the browser says; null where it does not. */
  usage: { used: number; quota: number } | null;
  /** Whether the browser has promised not to clear it under pressure. */
  persisted: boolean | null;
}

export interface History {
  store: StoreApi<HistoryState>;
  show(open: boolean): void;
  refresh(): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** The comparison as the files of one zip. */
  archive(entry: StoredEntry): AsyncGenerator<SavedFile>;
  /** Whatever is stored of a comparison that cannot be read, as one JSON file. */
  rescue(id: string): Promise<Blob | null>;
  /** Takes a zip in. @returns the id of the new comparison, or null when it was refused */
  importZip(file: File): Promise<string | null>;
  /** Does something with the store; what goes wrong is shown in the history. */
  attempt<Value>(work: (store: RunStore) => Promise<Value>): Promise<Value | null>;
}

export interface HistoryOptions {
  openStore: () => Promise<RunStore>;
  locks: Locks | undefined;
  storage: Pick<StorageManager, 'estimate' | 'persisted'> | undefined;
  /** Where zips are read, apart from the page. */
  room: Pick<ReadingRoom, 'read' | 'release'>;
}

/** Milliseconds between looks at who trains what, while anybody does. */
const LOCK_INTERVAL = 2000;

export function createHistory({ openStore, locks, storage, room }: HistoryOptions): History {
  const store = createStore<HistoryState>()(() => ({
    open: false,
    loading: false,
    entries: [],
    training: new Set<string>(),
    problem: null,
    usage: null,
    persisted: null,
  }));
  const { setState, getState } = store;
  let opened: Promise<RunStore> | null = null;
  const theStore = (): Promise<RunStore> => {
    opened ??= openStore();
    opened.catch(() => (opened = null));
    return opened;
  };

  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(STORE_CHANNEL);
  const announce = (): void => channel?.postMessage(null);
  channel?.addEventListener('message', () => {
    if (getState().open) void refresh();
  });

  async function attempt<Value>(work: (store: RunStore) => Promise<Value>): Promise<Value | null> {
    try {
      const value = await work(await theStore());
      setState({ problem: null });
      return value;
    } catch (error) {
      const full = error instanceof DOMException && error.name === 'QuotaExceededError';
      const known = full ? { message: currentText().history.full, internal: false } : problemOf(error);
      setState({ problem: known });
      return null;
    }
  }

  let watching: ReturnType<typeof setTimeout> | null = null;

  /** A tab that is closed or crashes gives its lock back and says nothing: locks are looked at while there are any. */
  function watch(): void {
    if (watching !== null || getState().training.size === 0) return;
    watching = setTimeout(() => {
      void lockedComparisons(locks).then((training) => {
        watching = null;
        const before = getState().training;
        const same = training.size === before.size && [...training].every((id) => before.has(id));
        if (same) watch();
        else if (getState().open) void refresh();
        else {
          setState({ training });
          watch();
        }
      });
    }, LOCK_INTERVAL);
  }

  async function refresh(): Promise<void> {
    setState({ loading: true });
    await attempt(async (runs) => {
      const [entries, training, estimate, persisted] = await Promise.all([
        runs.list(),
        lockedComparisons(locks),
        storage?.estimate(),
        storage?.persisted(),
      ]);
      const { usage, quota } = estimate ?? {};
      setState({
        entries,
        training,
        usage: usage === undefined || quota === undefined ? null : { used: usage, quota },
        persisted: persisted ?? null,
      });
    });
    setState({ loading: false });
    watch();
  }

  return {
    store,
    attempt,
    refresh,
    show(open) {
      setState({ open });
      if (open) void refresh();
    },
    async rename(id, name) {
      await attempt((runs) => runs.rename(id, name));
      announce();
      await refresh();
    },
    async remove(id) {
      const release = await takeLock(locks, id);
      if (release === null) {
        setState({ problem: { message: currentText().history.inUse, internal: false } });
        return;
      }
      await attempt((runs) => runs.remove(id));
      release();
      announce();
      await refresh();
    },
    archive: (entry) =>
      archiveFiles(entry, {
        predictions: async ({ run }) => (await theStore()).predictions(entry.comparison.id, run),
        rest: async (state) => {
          const runs = await theStore();
          return {
            events: await runs.events(entry.comparison.id, state.run),
            adapter: await runs.adapter(state),
          };
        },
      }),
    rescue: (id) =>
      attempt(async (runs) => new Blob([looseJson(await runs.everything(id))], { type: 'application/json' })),
    async importZip(file) {
      const id = await attempt(async (runs) => {
        const { comparison, runs: read } = await room
          .read({ kind: 'archive', file, id: crypto.randomUUID() })
          .finally(() => room.release());
        try {
          // The record last: an import that is cut short leaves nothing that the list would show.
          for (const { state, events, adapter, predictions } of read) {
            await runs.append(comparison.id, state.run, 0, events);
            if (predictions !== null) await runs.savePredictions(comparison.id, state.run, predictions);
            if (adapter !== null)
              await runs.saveAdapter(comparison.id, state.run, state.adapter?.step ?? 0, adapter);
          }
          await runs.create(
            comparison,
            read.map(({ state }) => state),
          );
        } catch (error) {
          // Where it did not fit, what did of it only takes room.
          await runs.remove(comparison.id).catch(() => {});
          throw error;
        }
        return comparison.id;
      });
      announce();
      const { problem } = getState();
      await refresh();
      if (id === null) setState({ problem });
      return id;
    },
  };
}
