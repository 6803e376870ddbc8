/** The browser's store, for page and worker alike. */
import { openDatabase } from './database.ts';
import { PrivateFiles } from './files.ts';
import { RunStore } from './run-store.ts';

/** @throws StudioError('storage') where this browser window keeps nothing */
export async function openBrowserStore(): Promise<RunStore> {
  return new RunStore(await openDatabase(), await PrivateFiles.open());
}
