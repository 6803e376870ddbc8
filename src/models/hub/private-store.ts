/** Downloads kept in the browser's private file system (OPFS). */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { partsOfBlob, type FileParts } from '../file-parts.ts';
import type { HubStore } from './store.ts';

/** Bytes copied at a time where a file cannot be renamed. */
const COPIED = 4 * 1024 * 1024;

/** Renaming is not in every browser, nor in TypeScript's list of what there is. */
interface Movable {
  move?: (name: string) => Promise<void>;
}

export class PrivateHubStore implements HubStore {
  readonly #root: FileSystemDirectoryHandle;

  constructor(root: FileSystemDirectoryHandle) {
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

  async has(path: string): Promise<boolean> {
    return (await this.#file(path, false)) !== null;
  }

  async append(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await withRoom(async () => {
      const file = (await this.#file(path, true))!;
      const { size } = await file.getFile();
      const stream = await file.createWritable({ keepExistingData: true });
      await stream.write({ type: 'write', position: size, data: bytes });
      await stream.close();
    });
  }

  async read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const file = await this.#file(path, false);
    return file === null ? new Uint8Array() : new Uint8Array(await (await file.getFile()).arrayBuffer());
  }

  async part(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = await this.#file(path, false);
    if (file === null) return new Uint8Array();
    return new Uint8Array(await (await file.getFile()).slice(offset, offset + length).arrayBuffer());
  }

  async open(path: string): Promise<FileParts | undefined> {
    const file = await this.#file(path, false);
    return file === null ? undefined : partsOfBlob(await file.getFile(), path.split('/').at(-1)!);
  }

  async move(from: string, to: string): Promise<void> {
    const file: (FileSystemFileHandle & Movable) | null = await this.#file(from, false);
    if (file === null) return;
    const { folder, name } = await this.#place(to, true);
    await withRoom(async () => {
      if (file.move) {
        // Not every browser writes over what is there.
        await folder!.removeEntry(name).catch(() => {});
        await file.move(name);
        return;
      }
      const bytes = await file.getFile();
      const stream = await (await folder!.getFileHandle(name, { create: true })).createWritable();
      for (let at = 0; at < bytes.size; at += COPIED) await stream.write(bytes.slice(at, at + COPIED));
      await stream.close();
      await this.remove(from);
    });
  }

  async remove(path: string): Promise<void> {
    const { folder, name } = await this.#place(path, false);
    await folder?.removeEntry(name).catch(() => {});
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

/** What writes, with a sentence for whatever the browser refuses. */
async function withRoom(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
    throw new StudioError(
      'storage',
      cause.name === 'QuotaExceededError'
        ? say`The browser has no room left for the model; delete runs from the history or free disk space, then try again.`
        : say`The browser cannot keep the model's files (${cause.name}); reload the page and try again, or download the model and choose its folder.`,
      { cause },
    );
  }
}
