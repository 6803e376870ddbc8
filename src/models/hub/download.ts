/** One file of a repository: taken from the store when it is whole there, and what is missing of it from the hub. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { PARTIAL } from './answer.ts';
import { beginsAsPage, isPageAnswer, pageInstead, type Connection } from './connection.ts';
import { RunningHash } from './file-hash.ts';
import { folderOf } from './listing.ts';
import { openPatiently, retryAfter } from './patience.ts';
import type { HubFile, HubPlace } from './place.ts';
import { explained, refused } from './problems.ts';
import type { HubStore } from './store.ts';

/** Bytes gathered before they are written, and read at a time to be hashed. */
const PORTION = 4 * 1024 * 1024;
/** Connections that break off in a row before a download is given up. */
const ATTEMPTS = 4;

export interface HubProgress {
  file: string;
  loaded: number;
  total: number;
}

/** Where each store's files were found to be what the hub listed, by path: once in the life of a store. */
const VERIFIED = new WeakMap<HubStore, Map<string, string>>();

/**
 * Sees to it that a file is in the store, whole and of the hash that the hub lists. What is kept and is another
 * is thrown away and fetched again; what an earlier download has left is gone on from, with a Range request.
 * @returns its path in the store
 * @throws StudioError('storage') when the connection breaks off or stalls (what has arrived stays), or what
 *   arrives is not the file, twice
 */
export async function fetchFile(
  place: HubPlace,
  commit: string,
  file: HubFile,
  progress: (progress: HubProgress) => void,
): Promise<string> {
  const { id, endpoint, store } = place;
  const kept = `${folderOf(id)}/${commit}/${file.kept ?? file.path}`;
  if (await isKept(store, kept, file)) return kept;
  const repository = id.type === 'dataset' ? `datasets/${id.name}` : id.name;
  const url = `${endpoint}/${repository}/resolve/${commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  const download = new Download(place, url, kept + PARTIAL, file, progress);
  let good = await download.complete();
  // What an earlier visit left may have spoilt it: once more, from the beginning.
  if (!good) good = await download.complete();
  if (!good)
    throw new StudioError(
      'storage',
      say`${file.path} of ${id.name} arrived damaged twice (its hash is another than ${new URL(url).host} lists); try again later, or set another endpoint.`,
      { where: 'model.source' },
    );
  await store.move(kept + PARTIAL, kept);
  remember(store, kept, file);
  return kept;
}

/**
 * True when the store holds the file. What it holds and is no such file is removed; the beginning of one, as
 * earlier versions left it in its place, becomes a download to go on with.
 */
async function isKept(store: HubStore, kept: string, file: HubFile): Promise<boolean> {
  const size = await store.size(kept);
  if (size === file.size && (size > 0 || (await store.has(kept)))) {
    if (VERIFIED.get(store)?.get(kept) === known(file)) return true;
    const hash = await hashOf(store, kept, size, file);
    if (hash?.matches()) {
      remember(store, kept, file);
      return true;
    }
  } else if (size > 0 && size < file.size && (await store.size(kept + PARTIAL)) < size) {
    await store.move(kept, kept + PARTIAL);
    return false;
  }
  await store.remove(kept);
  return false;
}

function remember(store: HubStore, kept: string, file: HubFile): void {
  const verified = VERIFIED.get(store) ?? new Map<string, string>();
  VERIFIED.set(store, verified.set(kept, known(file)));
}

function known({ hash, size }: HubFile): string {
  return `${size} ${hash?.kind} ${hash?.digits}`;
}

/** The hash so far of what is kept; null for the beginning of a web page. */
async function hashOf(
  store: HubStore,
  path: string,
  size: number,
  file: HubFile,
): Promise<RunningHash | null> {
  const hash = new RunningHash(file);
  for (let at = 0; at < size; at += PORTION) {
    const bytes = await store.part(path, at, Math.min(PORTION, size - at));
    if (at === 0 && !mayBePage(file) && beginsAsPage(bytes)) return null;
    hash.add(bytes);
  }
  return hash;
}

function mayBePage({ path }: HubFile): boolean {
  return /\.(x?html?|svg|xml|md)$/i.test(path);
}

class Download {
  readonly #place: HubPlace;
  readonly #url: string;
  readonly #partial: string;
  readonly #file: HubFile;
  readonly #progress: (progress: HubProgress) => void;
  /** Times that the rest of the file was asked for and is not there. */
  #unranged = 0;
  /** Bytes in the store, and their hash. */
  #have = 0;
  #hash: RunningHash;

  constructor(
    place: HubPlace,
    url: string,
    partial: string,
    file: HubFile,
    progress: (progress: HubProgress) => void,
  ) {
    this.#place = place;
    this.#url = url;
    this.#partial = partial;
    this.#file = file;
    this.#progress = progress;
    this.#hash = new RunningHash(file);
  }

  /** Goes on until all bytes are there. @returns whether they are the file; if not, nothing of it is kept */
  async complete(): Promise<boolean> {
    await this.#takeUp();
    for (let attempt = 1; this.#have < this.#file.size; attempt++) {
      const before = this.#have;
      let problem: unknown = null;
      try {
        await this.#receive();
      } catch (error) {
        problem = error;
      }
      // Only a connection that gave nothing counts as a failure in a row.
      if (this.#have > before) attempt = 1;
      const last = attempt >= ATTEMPTS || problem instanceof StudioError || this.#place.signal?.aborted;
      if (this.#have < this.#file.size && last) throw this.#interrupted(problem);
    }
    if (this.#hash.matches()) return true;
    await this.#restart();
    return false;
  }

  /** What is there from before; an empty file has to be made. */
  async #takeUp(): Promise<void> {
    const { store } = this.#place;
    const size = await store.size(this.#partial);
    const hash = size > this.#file.size ? null : await hashOf(store, this.#partial, size, this.#file);
    if (hash === null) return this.#restart();
    this.#have = size;
    this.#hash = hash;
    if (this.#file.size === 0) await store.append(this.#partial, new Uint8Array());
  }

  async #restart(): Promise<void> {
    await this.#place.store.remove(this.#partial);
    this.#have = 0;
    this.#hash = new RunningHash(this.#file);
  }

  /** Adds what one connection gives. */
  async #receive(): Promise<void> {
    const headers: HeadersInit = this.#have > 0 ? { Range: `bytes=${this.#have}-` } : {};
    const connection = await openPatiently(this.#place, this.#url, { headers });
    try {
      await this.#take(connection);
    } finally {
      connection.close();
    }
  }

  async #take(connection: Connection): Promise<void> {
    const { response } = connection;
    const { file, have } = { file: this.#file, have: this.#have };
    // The range asked for is not there: what was kept is no beginning of this file, or the file is shorter.
    if (response.status === 416) {
      if (this.#unranged++ > 0) throw this.#tooShort();
      return this.#restart();
    }
    if (response.status === 404) throw this.#gone();
    if (!response.ok) throw refused(response.status, this.#place.id, this.#url, retryAfter(response.headers));
    if (!mayBePage(file) && isPageAnswer(response)) throw pageInstead(file.path, this.#url);
    // Part of a packed body cannot be unpacked, so the next try is for all of it.
    if (response.status === 206 && isPacked(response)) return this.#restart();
    // A server that knows no ranges begins again.
    const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
    if (have > 0 && response.status !== 206) await this.#restart();
    else if (range !== null && Number(range[1]) !== have) return this.#restart();

    let gathered: Uint8Array[] = [];
    let size = 0;
    const write = async (): Promise<void> => {
      const bytes = joined(gathered, size);
      gathered = [];
      size = 0;
      if (bytes.length === 0) return;
      if (this.#have === 0 && !mayBePage(file) && beginsAsPage(bytes))
        throw pageInstead(file.path, this.#url);
      await this.#place.store.append(this.#partial, bytes);
      this.#hash.add(bytes);
      this.#have += bytes.length;
    };
    try {
      for await (const part of connection.parts()) {
        gathered.push(part);
        size += part.length;
        if (this.#have + size > file.size) {
          gathered = [];
          size = 0;
          await this.#restart();
          throw this.#tooLong();
        }
        if (size >= PORTION) await write();
        this.#progress({ file: file.path, loaded: this.#have + size, total: file.size });
      }
    } finally {
      await write();
    }
  }

  #tooShort(): StudioError {
    const { host } = new URL(this.#url);
    const { path, size } = this.#file;
    return new StudioError(
      'storage',
      say`${host} sent less of ${path} than the ${size} bytes it lists; try again later, or set another endpoint.`,
      { where: 'model.source' },
    );
  }

  #gone(): StudioError {
    const { host } = new URL(this.#url);
    return new StudioError(
      'storage',
      say`${host} lists ${this.#file.path} of ${this.#place.id.name} and does not have it; try again later, or set another endpoint.`,
      { where: 'model.source' },
    );
  }

  #tooLong(): StudioError {
    const { host } = new URL(this.#url);
    return new StudioError(
      'storage',
      say`${host} sent more of ${this.#file.path} than the ${this.#file.size} bytes it lists; try again later, or set another endpoint.`,
      { where: 'model.source' },
    );
  }

  #interrupted(error: unknown): StudioError {
    const { path, size } = this.#file;
    if (error instanceof StudioError) return error;
    if (this.#place.signal?.aborted || this.#have === 0)
      return explained(error ?? new Error('empty'), this.#place, this.#url);
    return new StudioError(
      'storage',
      say`The download of ${path} broke off at ${megabytes(this.#have)} of ${megabytes(size)} MB; load the model again to go on from there.`,
      { where: 'model.source', cause: error },
    );
  }
}

function isPacked({ headers }: Response): boolean {
  const coding = headers.get('content-encoding') ?? 'identity';
  return coding.trim().toLowerCase() !== 'identity';
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function megabytes(bytes: number): string {
  return String(Number((bytes / 1e6).toPrecision(3)));
}
