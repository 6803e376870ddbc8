/** Models and data sets of a hub on disk: the cache, and progress on standard error. */
import { existsSync, statSync } from 'node:fs';
import { appendFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import type { HubProgress } from '../src/models/hub/download.ts';
import type { FileParts } from '../src/models/file-parts.ts';
import type { HubStore } from '../src/models/hub/store.ts';
import type { HubOptions } from '../src/models/hub/hub-files.ts';
import { english, say } from '../src/sentence.ts';
import { partsOfFile, readPart } from './file-parts.ts';

/** Folder of downloads: `DELTA_CACHE`, else the user's cache folder. */
export function hubCache(): string {
  const { DELTA_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (DELTA_CACHE) return DELTA_CACHE;
  const base = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME;
  return path.join(base ?? path.join(homedir(), '.cache'), 'delta-studio');
}

/** How the command line asks a hub. */
export function hubOptions(): HubOptions {
  return {
    endpoint: process.env.HF_ENDPOINT,
    store: new FolderHubStore(hubCache()),
    progress: downloadProgress(),
    waiting: (notice) => console.error(english(notice)),
  };
}

export class FolderHubStore implements HubStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = path.resolve(folder);
  }

  size(file: string): Promise<number> {
    return this.#try(file, (place) => Promise.resolve(statSync(place, { throwIfNoEntry: false })?.size ?? 0));
  }

  has(file: string): Promise<boolean> {
    return this.#try(file, (place) => Promise.resolve(existsSync(place)));
  }

  append(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#try(file, async (place) => {
      await mkdir(path.dirname(place), { recursive: true });
      await appendFile(place, bytes);
    });
  }

  read(file: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#try(file, async (place) =>
      existsSync(place) ? new Uint8Array(await readFile(place)) : new Uint8Array(),
    );
  }

  part(file: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#try(file, (place) => readPart(place, offset, length));
  }

  open(file: string): Promise<FileParts | undefined> {
    return this.#try(file, (place) => Promise.resolve(partsOfFile(place)));
  }

  move(from: string, to: string): Promise<void> {
    return this.#try(from, async (place) => {
      const handle = await open(place, 'r+');
      try {
        // The bytes are on the disk before the name says that the file is whole.
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(place, this.#place(to));
    });
  }

  remove(file: string): Promise<void> {
    return this.#try(file, (place) => rm(place, { force: true }));
  }

  /** Where a file lies. What a hub answers is checked before; this holds whatever is asked for. */
  #place(file: string): string {
    const place = path.resolve(this.#folder, file);
    if (place.startsWith(this.#folder + path.sep)) return place;
    throw new StudioError(
      'storage',
      say`${JSON.stringify(file).slice(0, 80)} lies outside the folder of downloads ${this.#folder}, where nothing is read or written; use another endpoint.`,
      { where: 'model.source' },
    );
  }

  async #try<T>(file: string, act: (place: string) => Promise<T>): Promise<T> {
    const place = this.#place(file);
    try {
      return await act(place);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (cause instanceof StudioError || code === undefined) throw cause;
      throw new StudioError(
        'storage',
        say`${place} cannot be read or written (${code}); free disk space or set DELTA_CACHE to a folder that can be.`,
        { where: 'model.source', cause },
      );
    }
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
