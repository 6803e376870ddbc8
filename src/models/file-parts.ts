/** Files that are read in parts: those of the page (picked ones, and its private file system's), and in memory. */
import { StudioError } from '../errors.ts';
import type { StoredBytes } from '../graph/source.ts';
import { say } from '../sentence.ts';

export interface FileParts {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `offset` on; fewer than `length` where the file ends before. */
  part(offset: number, length: number): Promise<Uint8Array>;
  /** Leaves bytes in the file, to be read whenever they are looked at; without this they are read with the model. */
  stored?(offset: number, length: number): StoredBytes;
  /** The file, where it can be handed to another thread. */
  readonly blob?: Blob;
}

/** A file in memory in parts. */
export function partsOfBytes(bytes: Uint8Array): FileParts {
  return {
    size: bytes.byteLength,
    part: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** Only workers have it, and TypeScript knows it nowhere else. */
declare const FileReaderSync: undefined | (new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer });

/** What a picked file and a part of one can be read by. */
export type ReadableBlob = Pick<Blob, 'size' | 'slice'>;

/** A blob in parts. What stays in it can be read at once in workers alone, so elsewhere nothing does. */
export function partsOfBlob(blob: ReadableBlob, name: string): FileParts {
  const part = async (offset: number, length: number): Promise<Uint8Array> =>
    new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  const canWait = typeof FileReaderSync !== 'undefined' && blob instanceof Blob;
  return {
    size: blob.size,
    part,
    ...(canWait && {
      blob,
      stored: (offset: number, length: number) => new BlobBytes(blob, name, offset, length),
    }),
  };
}

/** Bytes of a blob, read by the worker that looks at them. */
export class BlobBytes implements StoredBytes {
  readonly place: Blob;
  readonly name: string;
  readonly offset: number;
  readonly byteLength: number;

  constructor(place: Blob, name: string, offset: number, byteLength: number) {
    this.place = place;
    this.name = name;
    this.offset = offset;
    this.byteLength = byteLength;
  }

  /** @throws StudioError('storage') where the file has changed, or is gone: browsers then read none of it */
  read(): Uint8Array<ArrayBuffer> {
    let bytes: ArrayBuffer;
    try {
      const part = this.place.slice(this.offset, this.offset + this.byteLength);
      bytes = new FileReaderSync!().readAsArrayBuffer(part);
    } catch (cause) {
      throw this.#unreadable(cause);
    }
    if (bytes.byteLength !== this.byteLength) throw this.#unreadable(undefined);
    return new Uint8Array(bytes);
  }

  #unreadable(cause: unknown): StudioError {
    return new StudioError(
      'storage',
      say`${this.name} cannot be read; it may have been moved or changed since, so choose it again.`,
      { where: this.name, cause },
    );
  }
}
