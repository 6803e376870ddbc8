/** Where downloaded files are kept: in the browser's private file system, on disk, or in memory. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';

/** Paths have forward slashes. A file that is shorter than it should be is a download to go on with. */
export interface HubStore {
  /** Bytes there are of a file; 0 for none. */
  size(path: string): Promise<number>;
  /** Adds to the end of a file, which is made if there is none. */
  append(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  remove(path: string): Promise<void>;
}

/** Keeps files as long as the page lives; for windows that keep nothing, and tests. */
export class MemoryHubStore implements HubStore {
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();

  size(path: string): Promise<number> {
    return Promise.resolve(this.#files.get(path)?.length ?? 0);
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

  remove(path: string): Promise<void> {
    this.#files.delete(path);
    return Promise.resolve();
  }
}

/** The origin private file system. */
export class PrivateHubStore implements HubStore {
  readonly #root: FileSystemDirectoryHandle;

  private constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  /** Null where the browser keeps no files. */
  static async open(): Promise<PrivateHubStore | null> {
    try {
      return new PrivateHubStore(await navigator.storage.getDirectory());
    } catch {
      return null;
    }
  }

  async size(path: string): Promise<number> {
    const file = await this.#file(path, false);
    return file === null ? 0 : (await file.getFile()).size;
  }

  async append(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const file = (await this.#file(path, true))!;
    try {
      const { size } = await file.getFile();
      const stream = await file.createWritable({ keepExistingData: true });
      await stream.write({ type: 'write', position: size, data: bytes });
      await stream.close();
    } catch (cause) {
      if (!(cause instanceof DOMException) || cause.name !== 'QuotaExceededError') throw cause;
      throw new StudioError(
        'storage',
        say`The browser has no room left for the model; delete runs from the history or free disk space, then try again.`,
        { cause },
      );
    }
  }

  async read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const file = await this.#file(path, false);
    return file === null ? new Uint8Array() : new Uint8Array(await (await file.getFile()).arrayBuffer());
  }

  async remove(path: string): Promise<void> {
    const { folder, name } = await this.#place(path, true);
    await folder!.removeEntry(name).catch(() => {});
  }

  async #file(path: string, create: boolean): Promise<FileSystemFileHandle | null> {
    const { folder, name } = await this.#place(path, create);
    if (folder === null) return null;
    return folder.getFileHandle(name, { create }).catch((error: unknown) => {
      if (create) throw error;
      return null;
    });
  }

  async #place(
    path: string,
    create: boolean,
  ): Promise<{ folder: FileSystemDirectoryHandle | null; name: string }> {
    const parts = path.split('/').map((part) => encodeURIComponent(part).replaceAll('*', '%2A'));
    const name = parts.pop()!;
    let folder = this.#root;
    for (const part of parts) {
      const next = await folder.getDirectoryHandle(part, { create }).catch((error: unknown) => {
        if (create) throw error;
        return null;
      });
      if (next === null) return { folder: null, name };
      folder = next;
    }
    return { folder, name };
  }
}
