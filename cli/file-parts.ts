/** Files on disk in parts. */
import { closeSync, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { StudioError } from '../src/errors.ts';
import type { StoredBytes } from '../src/graph/source.ts';
import type { FileParts } from '../src/models/file-parts.ts';
import { say } from '../src/sentence.ts';

/** One read gives at most 2 GiB. */
const AT_ONCE = 2 ** 30;

/** @param file its place; undefined is given back where there is no file */
export function partsOfFile(file: string): FileParts | undefined {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return { ...storedFile(file), part: (offset, length) => readPart(file, offset, length) };
}

/** What stays in a file that is there. */
export function storedFile(file: string): {
  size: number;
  stored(offset: number, length: number): StoredBytes;
} {
  const place: Place = { file, stat: statSync(file) };
  return { size: place.stat.size, stored: (offset, length) => new FileBytes(place, offset, length) };
}

/** A file as it was when the model was read. */
interface Place {
  file: string;
  stat: Stats;
}

class FileBytes implements StoredBytes {
  readonly place: Place;
  readonly offset: number;
  readonly byteLength: number;

  constructor(place: Place, offset: number, byteLength: number) {
    this.place = place;
    this.offset = offset;
    this.byteLength = byteLength;
  }

  /** @throws StudioError('storage') where the file is another than the model was read from, or is gone */
  read(): Uint8Array<ArrayBuffer> {
    try {
      return this.#read();
    } catch (cause) {
      throw cause instanceof StudioError ? cause : this.#changed(cause);
    }
  }

  #read(): Uint8Array<ArrayBuffer> {
    const { file, stat } = this.place;
    const handle = openSync(file, 'r');
    try {
      const now = fstatSync(handle);
      if (now.size !== stat.size || now.mtimeMs !== stat.mtimeMs) throw this.#changed(undefined);
      const bytes = new Uint8Array(this.byteLength);
      for (let at = 0; at < bytes.length;) {
        const count = readSync(handle, bytes, at, Math.min(AT_ONCE, bytes.length - at), this.offset + at);
        if (count === 0) throw this.#changed(undefined);
        at += count;
      }
      return bytes;
    } finally {
      closeSync(handle);
    }
  }

  #changed(cause: unknown): StudioError {
    const { file } = this.place;
    return new StudioError(
      'storage',
      say`${file} cannot be read; it may have been moved or changed since, so choose it again.`,
      { where: file, cause },
    );
  }
}

/** Bytes of a file from `offset` on, which may lie beyond 4 GiB; fewer than `length` where the file ends. */
export async function readPart(
  file: string,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(file, 'r');
  try {
    const bytes = new Uint8Array(length);
    let have = 0;
    while (have < length) {
      const { bytesRead } = await handle.read(bytes, have, Math.min(length - have, AT_ONCE), offset + have);
      if (bytesRead === 0) break;
      have += bytesRead;
    }
    return bytes.subarray(0, have);
  } finally {
    await handle.close();
  }
}
