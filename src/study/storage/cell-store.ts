/**
 * A study in a browser's storage: the rows of its cells, and what cells that were cut off go on from. Rows are told
 * apart by the identities of their cells, in which the contents of models and data files take part.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { StudioError } from '../../errors.ts';
import { contentOf, type SavedFile } from '../../runs/adapter-names.ts';
import { openCheckpoint, writeCheckpoint } from '../../runs/checkpoint-file.ts';
import type { FileStore } from '../../runs/storage/files.ts';
import { say } from '../../sentence.ts';
import type { StagedCheckpoint } from '../../train/checkpoint.ts';
import type { RunEvent } from '../../train/events.ts';
import { readRow } from '../row.ts';
import type { Row } from '../study.ts';

interface CellState {
  id: string;
  /** Events up to the checkpoint. */
  events: RunEvent[];
  /** The file that holds it: two take turns, so that one is always whole. */
  checkpoint: { slot: 0 | 1; bytes: number } | null;
  /** Files of the adapter that it left. */
  adapter: { name: string; bytes: number }[] | null;
}

interface Schema extends DBSchema {
  rows: { key: string; value: Row };
  cells: { key: string; value: CellState };
}

type Database = IDBPDatabase<Schema>;

const fresh = (id: string): CellState => ({ id, events: [], checkpoint: null, adapter: null });

/** What a cell goes on from. */
export interface KeptCell {
  events: RunEvent[];
  state: StagedCheckpoint;
}

/**
 * A page's cells: rows in IndexedDB, checkpoints in the private files of the origin. What the storage refuses is a
 * StudioError('storage').
 */
export class CellStore {
  readonly #database: Database;
  readonly #files: FileStore;

  private constructor(database: Database, files: FileStore) {
    this.#database = database;
    this.#files = files;
  }

  /** @throws StudioError('storage') where this browser window keeps nothing */
  static async open(files: FileStore, name = 'delta-studio-study'): Promise<CellStore> {
    try {
      const database = await openDB<Schema>(name, 1, {
        upgrade(db) {
          db.createObjectStore('rows', { keyPath: 'cell' });
          db.createObjectStore('cells', { keyPath: 'id' });
        },
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
      });
      return new CellStore(database, files);
    } catch (cause) {
      throw nothingKept(cause);
    }
  }

  /** By cell. What cannot be read is none, and its cell is done again. */
  async rows(): Promise<Map<string, Row>> {
    const values = await this.#database.getAll('rows');
    return new Map(values.flatMap((value) => readRow(value) ?? []).map((row) => [row.cell, row]));
  }

  async append(row: Row): Promise<void> {
    await this.#writing(() => this.#database.put('rows', row));
  }

  /** Forgets cells with all that they left. */
  async forget(cells: readonly string[]): Promise<void> {
    for (const id of cells) {
      await this.#database.delete('rows', id);
      await this.#database.delete('cells', id);
      await this.#files.remove(folderOf(id));
    }
  }

  /** Null where a cell begins. */
  async kept(id: string): Promise<KeptCell | null> {
    const found = await this.#database.get('cells', id);
    if (found === undefined || found.checkpoint === null) return null;
    const { slot, bytes: size } = found.checkpoint;
    const file = await this.#files.open(checkpointOf(id, slot));
    if (file?.size !== size) return null;
    return { events: found.events, state: await openCheckpoint(file) };
  }

  /** @param events all that the run has told. @throws StudioError('storage'); the checkpoint before is then still there */
  async keep(id: string, events: readonly RunEvent[], state: StagedCheckpoint): Promise<void> {
    const before = (await this.#database.get('cells', id)) ?? fresh(id);
    const slot = before.checkpoint?.slot === 0 ? 1 : 0;
    const bytes = writeCheckpoint(state);
    await this.#writing(async () => {
      await this.#files.write(checkpointOf(id, slot), bytes);
      const checkpoint = { slot, bytes: bytes.byteLength } as const;
      await this.#database.put('cells', { ...before, events: [...events], checkpoint });
    });
  }

  /** A cell has ended: it needs no checkpoint. @param adapter kept where another cell starts from it */
  async finish(id: string, adapter: readonly SavedFile[] | null): Promise<void> {
    await this.#writing(async () => {
      const written = adapter && adapter.map((file) => ({ name: file.name, content: contentOf(file) }));
      for (const { name, content } of written ?? []) await this.#files.write(adapterOf(id, name), content);
      const files = written && written.map(({ name, content }) => ({ name, bytes: content.byteLength }));
      await this.#database.put('cells', { ...fresh(id), adapter: files });
    });
    for (const slot of [0, 1] as const) await this.#files.remove(checkpointOf(id, slot));
  }

  async hasAdapter(id: string): Promise<boolean> {
    return ((await this.#database.get('cells', id))?.adapter ?? null) !== null;
  }

  /** A file of the adapter that a cell left. */
  async adapterFile(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return (await this.#files.read(adapterOf(id, name))) ?? undefined;
  }

  async #writing(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (cause) {
      throw new StudioError(
        'storage',
        say`The browser's storage takes no more of this study (${cause instanceof Error ? cause.message : String(cause)}); make room, for example in the history, and start again: what has ended is kept.`,
        { cause },
      );
    }
  }
}

/** A study without a place to keep it in would be lost with its page. */
export function nothingKept(cause?: unknown): StudioError {
  return new StudioError(
    'storage',
    say`This browser window keeps no data, so a study cannot be kept here; use another window, or the command line.`,
    { cause },
  );
}

const folderOf = (id: string): string => `study/${id}`;
const adapterOf = (id: string, name: string): string => `${folderOf(id)}/adapter/${name}`;
const checkpointOf = (id: string, slot: number): string => `${folderOf(id)}/checkpoint-${slot}.safetensors`;
