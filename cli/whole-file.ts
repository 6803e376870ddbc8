/**
 * Files that are there whole or not at all: written beside their place, flushed to the disk, then renamed. What
 * stood there before stays until that has succeeded, whatever ends the process.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import { say, type Sentence } from '../src/sentence.ts';
import type { FileInParts } from '../src/onnx/safetensors.ts';
import { contentOf, type SavedFile } from '../src/runs/adapter-names.ts';

/** Bytes of one read or write: more than 2 GiB at a time is refused by the system. */
const CHUNK = 2 ** 26;
/** Names that are being written. */
const UNFINISHED = /^\.(.+)\.\d+\.(new|old)$/;

/** @throws StudioError('storage') */
export function writeWhole(file: string, content: Uint8Array | FileInParts | string): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  writing(file, () => putWhole(file, piecesOf(bytes)));
}

const piecesOf = (content: Uint8Array | FileInParts): Iterable<Uint8Array> =>
  content instanceof Uint8Array ? [content] : content.parts;

function putWhole(file: string, parts: Iterable<Uint8Array>): void {
  const beside = besideOf(file, 'new');
  try {
    const handle = openSync(beside, 'w');
    try {
      let at = 0;
      for (const part of parts) {
        writeAt(handle, part, at);
        at += part.byteLength;
      }
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
}

/** As JSON for people to read. @throws StudioError('storage') */
export function writeJson(file: string, value: unknown): void {
  writeWhole(file, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * A folder with these files and no others.
 * @param replace puts it in the place of the one that stands there; else that is left, and an error
 * @throws StudioError('storage')
 */
export function writeFolder(folder: string, files: readonly SavedFile[], replace: boolean): void {
  const beside = besideOf(folder, 'new');
  const before = besideOf(folder, 'old');
  writing(folder, () => {
    try {
      rmSync(beside, { recursive: true, force: true });
      mkdirSync(beside, { recursive: true });
      for (const one of files) {
        const file = path.join(beside, one.name);
        mkdirSync(path.dirname(file), { recursive: true });
        putWhole(file, piecesOf(contentOf(one)));
      }
      if (replace && existsSync(folder)) renameSync(folder, before);
      renameSync(beside, folder);
    } catch (error) {
      rmSync(beside, { recursive: true, force: true });
      if (existsSync(before) && !existsSync(folder)) renameSync(before, folder);
      throw error;
    }
    syncFolder(path.dirname(folder));
    rmSync(before, { recursive: true, force: true });
  });
}

/** Writes all of `bytes` from `position` on, however many calls it takes. */
export function writeAt(handle: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.byteLength;)
    at += writeSync(handle, bytes, at, Math.min(CHUNK, bytes.byteLength - at), position + at);
}

/** A file's bytes, also of more than 2 GiB. */
export function readWhole(file: string): Uint8Array {
  const handle = openSync(file, 'r');
  try {
    const bytes = new Uint8Array(fstatSync(handle).size);
    for (let at = 0; at < bytes.byteLength;) {
      const count = readSync(handle, bytes, at, Math.min(CHUNK, bytes.byteLength - at), at);
      if (count === 0) return bytes.subarray(0, at);
      at += count;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}

/** Removes what a process that was ended in the middle of a write has left in a folder. */
export function clearUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    const found = UNFINISHED.exec(name);
    if (found === null) continue;
    const [, base, kind] = found;
    // Ended between the two renames of a folder: the earlier one is all there is.
    if (kind === 'old' && !existsSync(path.join(folder, base)))
      renameSync(path.join(folder, name), path.join(folder, base));
    else rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

export function isUnfinished(name: string): boolean {
  return UNFINISHED.test(name);
}

/** Makes renames in a folder last. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    // Some network folders have no such call either.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(codeOf(error))) throw error;
  } finally {
    closeSync(handle);
  }
}

/** `ENOSPC` and the like; empty for what is no error of the system. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** The system refused to write. */
export class WriteError extends StudioError {
  readonly #what: Sentence;

  constructor(place: string, cause: unknown) {
    // Of Node's "ENOSPC: no space left on device, write '/a/b'" the place is said before.
    const reason = cause instanceof Error ? cause.message.replace(/, \w+( '.*)?$/, '') : String(cause);
    const what = say`${place} cannot be written (${reason})`;
    const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(cause));
    super(
      'storage',
      full ? say`${what}; make room there, or choose another --out` : say`${what}; choose another --out`,
      { cause },
    );
    this.#what = what;
  }

  /** The same, said of training that has begun. */
  toGoOn(folder: string): StudioError {
    return new StudioError(
      'storage',
      say`${this.#what}: training has stopped, what was stored before is kept; make room and go on with --resume ${folder}`,
      { cause: this },
    );
  }
}

/** Runs `write`. @throws WriteError for what the system refuses */
export function writing<T>(place: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw cause instanceof StudioError ? cause : new WriteError(place, cause);
  }
}

/** A name beside a place that only this process uses. */
export function besideOf(place: string, suffix: 'new' | 'old'): string {
  return path.join(path.dirname(place), `.${path.basename(place)}.${process.pid}.${suffix}`);
}
