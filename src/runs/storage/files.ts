/** Files of stored runs, in the browser's private file system. */
import { StudioError } from '../../errors.ts';
import { partsOfBlob, type FileParts } from '../../models/file-parts.ts';
import type { FileInParts } from '../../onnx/safetensors.ts';
import { say } from '../../sentence.ts';

/** Paths have forward slashes; folders come and go with the files in them. */
export interface FileStore {
  /** Writes a whole file, in place of what was there. */
  write(path: string, content: Uint8Array<ArrayBuffer> | FileInParts): Promise<void>;
  /** Null when there is no such file. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** To be read in parts. Null when there is no such file. */
  open(path: string): Promise<FileParts | null>;
  /** A file or a folder with all in it; nothing happens when there is none. */
  remove(path: string): Promise<void>;
}

/** The origin private file system. */
export class PrivateFiles implements FileStore {
  readonly #root: FileSystemDirectoryHandle;

  private constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  /** @throws StudioError('storage') where the browser offers none, as some private windows do */
  static async open(): Promise<PrivateFiles> {
    try {
      return new PrivateFiles(await navigator.storage.getDirectory());
    } catch (cause) {
      throw new StudioError(
        'storage',
        say`This browser window keeps no files, so runs last only as long as the page; download what you want to keep.`,
        { cause },
      );
    }
  }

  async write(path: string, content: Uint8Array<ArrayBuffer> | FileInParts): Promise<void> {
    const parts = content instanceof Uint8Array ? [content] : content.parts;
    const { folder, name } = await this.#place(path, true);
    const file = await folder.getFileHandle(name, { create: true });
    if ('createSyncAccessHandle' in file) {
      // In workers, where every browser has it.
      const handle = await (file as SyncFile).createSyncAccessHandle();
      try {
        handle.truncate(0);
        let at = 0;
        for (const part of parts) {
          // A full disk may show in nothing but a smaller number.
          if (handle.write(part, { at }) < part.byteLength)
            throw new DOMException('The file was not written whole.', 'QuotaExceededError');
          at += part.byteLength;
        }
        handle.flush();
      } finally {
        handle.close();
      }
      return;
    }
    const stream = await file.createWritable();
    for (const part of parts) await stream.write(part);
    await stream.close();
  }

  async read(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const file = await this.#file(path);
    return file && new Uint8Array(await file.arrayBuffer());
  }

  async open(path: string): Promise<FileParts | null> {
    const file = await this.#file(path);
    return file && partsOfBlob(file, path);
  }

  async #file(path: string): Promise<File | null> {
    try {
      const { folder, name } = await this.#place(path, false);
      return await (await folder.getFileHandle(name)).getFile();
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  async remove(path: string): Promise<void> {
    try {
      const { folder, name } = await this.#place(path, false);
      await folder.removeEntry(name, { recursive: true });
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  async #place(path: string, create: boolean): Promise<{ folder: FileSystemDirectoryHandle; name: string }> {
    const parts = path.split('/').map(safeName);
    const name = parts.pop()!;
    let folder = this.#root;
    for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
    return { folder, name };
  }
}

interface SyncFile {
  createSyncAccessHandle(): Promise<{
    truncate(size: number): void;
    write(bytes: Uint8Array, options: { at: number }): number;
    flush(): void;
    close(): void;
  }>;
}

/** The file system refuses `.`, `..` and some characters; everything else stays readable. */
function safeName(part: string): string {
  const name = encodeURIComponent(part).replaceAll('*', '%2A');
  return /^\.+$/.test(name) ? name.replaceAll('.', '%2E') : name;
}

function isAbsent(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}
