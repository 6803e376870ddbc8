/**
 * The database of comparisons and runs. Summaries lie apart from the events, so that a list of a thousand
 * runs loads no curve.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { StoredComparison, StoredEvents, StoredPredictions, StoredRunState } from './stored.ts';

/** Files that a comparison was made of, whatever they came from: structured clones, files included. */
export interface StoredInput {
  /** Tells files apart by name, size and date: see `inputs.ts`. */
  key: string;
  source: unknown;
  bytes: number;
}

export interface StudioSchema extends DBSchema {
  comparisons: { key: string; value: StoredComparison };
  runs: { key: [string, string]; value: StoredRunState; indexes: { comparison: string } };
  events: { key: [string, string, number]; value: StoredEvents };
  inputs: { key: string; value: StoredInput };
  predictions: { key: [string, string]; value: StoredPredictions };
}

export type Database = IDBPDatabase<StudioSchema>;

/** Version n is reached from n − 1 by the nth migration; released ones are never edited. */
const MIGRATIONS: ((database: Database) => void)[] = [
  (database) => {
    database.createObjectStore('comparisons', { keyPath: 'id' });
    const runs = database.createObjectStore('runs', { keyPath: ['comparison', 'run'] });
    runs.createIndex('comparison', 'comparison');
    database.createObjectStore('events', { keyPath: ['comparison', 'run', 'first'] });
    database.createObjectStore('inputs', { keyPath: 'key' });
  },
  // Version 1 kept them in `runs`, where they are still looked for: a list had to read them all. They are not moved,
  // since one value that cannot be read would undo the whole migration.
  (database) => {
    database.createObjectStore('predictions', { keyPath: ['comparison', 'run'] });
  },
];

/**
 * @throws StudioError('storage') where the browser has no database, or a newer version of the studio has
 *   already changed it
 */
export async function openDatabase(name = 'delta-studio'): Promise<Database> {
  try {
    return await openDB<StudioSchema>(name, MIGRATIONS.length, {
      upgrade(database, from) {
        for (const migrate of MIGRATIONS.slice(from)) migrate(database);
      },
      // A newer page wants to migrate: give way rather than keep it waiting.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
    });
  } catch (cause) {
    const newer = cause instanceof DOMException && cause.name === 'VersionError';
    throw new StudioError(
      'storage',
      newer
        ? say`The stored runs were written by a newer version of the studio; reload the page to get it.`
        : say`This browser window keeps no data, so runs last only as long as the page; download what you want to keep.`,
      { cause },
    );
  }
}
