/** Models of a hub on disk: the cache, and progress on standard error. */
import { existsSync, statSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { HubProgress } from '../src/models/hub/download.ts';
import type { HubStore } from '../src/models/hub/store.ts';

/** Folder of downloads: `DELTA_CACHE`, else the user's cache folder. */
export function hubCache(): string {
  const { DELTA_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (DELTA_CACHE) return DELTA_CACHE;
  const base = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME;
  return path.join(base ?? path.join(homedir(), '.cache'), 'delta-studio');
}

export class FolderHubStore implements HubStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  size(file: string): Promise<number> {
    const place = path.join(this.#folder, file);
    return Promise.resolve(existsSync(place) ? statSync(place).size : 0);
  }

  async append(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const place = path.join(this.#folder, file);
    await mkdir(path.dirname(place), { recursive: true });
    await appendFile(place, bytes);
  }

  async read(file: string): Promise<Uint8Array<ArrayBuffer>> {
    const place = path.join(this.#folder, file);
    return existsSync(place) ? new Uint8Array(await readFile(place)) : new Uint8Array();
  }

  async remove(file: string): Promise<void> {
    await rm(path.join(this.#folder, file), { force: true });
  }
}

/** Tells of large files on standard error, each tenth of the way. */
export function downloadProgress(): (progress: HubProgress) => void {
  let told = '';
  return ({ file, loaded, total }) => {
    if (total < 10e6) return;
    const line = `${file}: ${Math.floor((10 * loaded) / total) * 10} % of ${(total / 1e6).toFixed(0)} MB`;
    if (line !== told) console.error(line);
    told = line;
  };
}
