/** Reads many values of which some may not be readable: a browser keeps large ones in files of its own. */
import type { StoreKey, StoreNames, StoreValue } from 'idb';
import type { Database, StudioSchema } from './database.ts';

export interface Read<Name extends StoreNames<StudioSchema>> {
  key: StoreKey<StudioSchema, Name>;
  /** Undefined where it cannot be read. */
  value: StoreValue<StudioSchema, Name> | undefined;
}

/**
 * All values in a range, in the order of their keys. One bad value makes a browser refuse the whole range: then each
 * is read by itself.
 */
export async function readAll<Name extends StoreNames<StudioSchema>>(
  database: Database,
  name: Name,
  range?: StoreKey<StudioSchema, Name> | IDBKeyRange,
): Promise<Read<Name>[]> {
  const { store } = database.transaction(name);
  const keys = store.getAllKeys(range);
  const values = store.getAll(range);
  // Looked at below, whichever of them ends first.
  values.catch(() => {});
  const found = await keys;
  try {
    const all = await values;
    return found.map((key, i) => ({ key, value: all[i] }));
  } catch {
    return Promise.all(
      found.map(async (key) => ({ key, value: await database.get(name, key).catch(() => undefined) })),
    );
  }
}
