/** Where downloaded files are kept: on disk, in the browser's private file system, or in memory. */
import { partsOfBytes, type FileParts } from '../file-parts.ts';

/** Paths have forward slashes and lie inside the store; what would leave it is refused. */
export interface HubStore {
  /** Bytes there are of a file; 0 for none. */
  size(path: string): Promise<number>;
  /** Whether there is such a file, even an empty one. */
  has(path: string): Promise<boolean>;
  /** Adds to the end of a file, which is made if there is none. */
  append(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The bytes from `offset` on, `length` of them; fewer where the file ends before. */
  part(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** A file in parts, of which some may stay in it; undefined where there is none. */
  open(path: string): Promise<FileParts | undefined>;
  /** Renames a file within its folder, in place of what is there. */
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** Keeps files as long as the page lives; for windows that keep nothing, and tests. */
export class MemoryHubStore implements HubStore {
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();

  /** Paths of all files. */
  paths(): string[] {
    return [...this.#files.keys()];
  }

  size(path: string): Promise<number> {
    return Promise.resolve(this.#files.get(path)?.length ?? 0);
  }

  has(path: string): Promise<boolean> {
    return Promise.resolve(this.#files.has(path));
  }

  append(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const before = this.#files.get(path) ?? new Uint8Array();
    const after = new Uint8Array(before.length + bytes.length);
    after.set(before);
    after.set(bytes, before.length);
    this.#files.set(path, after);
    return Promise.resolve();
  }

  read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve(this.#files.get(path) ?? new Uint8Array());
  }

  part(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve((this.#files.get(path) ?? new Uint8Array()).slice(offset, offset + length));
  }

  open(path: string): Promise<FileParts | undefined> {
    const bytes = this.#files.get(path);
    return Promise.resolve(bytes && partsOfBytes(bytes));
  }

  move(from: string, to: string): Promise<void> {
    const bytes = this.#files.get(from);
    if (bytes) this.#files.set(to, bytes);
    this.#files.delete(from);
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    this.#files.delete(path);
    return Promise.resolve();
  }
}
