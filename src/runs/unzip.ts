/**
 * Reads a zip that may have been made to do harm. What the file says of itself is believed only as far as it is
 * borne out: entries are counted, names are checked, and inflating stops at a bound while it inflates, whatever
 * sizes stand in the headers. Layout after PKWARE's APPNOTE 6.3.10, without zip64, encryption and several disks.
 */
import { Inflate } from 'fflate';
import { say, type Sentence } from '../sentence.ts';
import { crc32 } from './crc32.ts';
import { fileNameProblem, shownName } from './file-names.ts';

/** Why a zip is refused; whoever reads it says of which file. */
export class UnzipError extends Error {
  declare protected readonly nominal: true;
  override readonly name = 'UnzipError';
  readonly why: Sentence;

  constructor(why: Sentence, cause?: unknown) {
    super(why.key, { cause });
    this.why = why;
  }
}

export interface UnzipLimits {
  /** Entries, folders among them. */
  entries: number;
  /** Bytes of all entries that are read. */
  bytes: number;
}

/** One file of a zip. */
export interface ZipEntry {
  /** Relative, with forward slashes, in this folder. */
  name: string;
  /**
   * Its contents, checked against the checksum.
   * @param most bytes of it, where that is less than what is left to the zip
   * @throws UnzipError when they are more, or not whole
   */
  read(most?: number): Uint8Array<ArrayBuffer>;
}

const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END = 0x06054b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
const ENCRYPTED = 0x0001;
/** Compressed bytes that are inflated at a time: at deflate's best ratio of 1,032 they become 16 MiB. */
const CHUNK = 16 * 1024;

/**
 * The files of a zip by name, folders left out. Nothing is inflated before an entry is read.
 * @throws UnzipError for no zip, one that is not whole, too many entries, a name that is not relative or stands twice
 */
export function openZip(bytes: Uint8Array<ArrayBuffer>, limits: UnzipLimits): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const from = view.getUint32(end + 16, true);
  if (count === 0xffff || from === 0xffffffff)
    throw new UnzipError(say`it is a zip64; save it as a plain zip`);
  if (count > limits.entries) {
    throw new UnzipError(
      say`it has ${count} files where at most ${limits.entries} are read; choose one that the history of the studio has saved`,
    );
  }
  let left = limits.bytes;
  const entries = new Map<string, ZipEntry>();
  let at = from;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY) throw notWhole();
    const nameBytes = view.getUint16(at + 28, true);
    const next = at + ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw notWhole();
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes));
    checkName(name);
    if (entries.has(name))
      throw new UnzipError(say`the file ${shownName(name)} stands in it twice; save it again`);
    const header = at;
    if (!name.endsWith('/')) {
      entries.set(name, {
        name,
        read(most = Infinity) {
          const contents = readEntry(bytes, view, header, Math.min(left, most));
          left -= contents.byteLength;
          return contents;
        },
      });
    }
    at = next;
  }
  return entries;
}

/** Refuses names that could lead out of a folder, or that do not print. @throws UnzipError */
function checkName(name: string): void {
  const why = fileNameProblem(name);
  if (why === null) return;
  throw new UnzipError(
    say`the name ${shownName(name)} in it ${why}; choose one that the history of the studio has saved`,
  );
}

/** Where the end record begins: behind it there is only its comment. */
function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= lowest; at--)
    if (
      view.getUint32(at, true) === END &&
      at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength
    )
      return at;
  throw notWhole();
}

function readEntry(
  bytes: Uint8Array<ArrayBuffer>,
  view: DataView,
  header: number,
  most: number,
): Uint8Array<ArrayBuffer> {
  const flags = view.getUint16(header + 8, true);
  const method = view.getUint16(header + 10, true);
  const sum = view.getUint32(header + 16, true);
  const size = view.getUint32(header + 20, true);
  const local = view.getUint32(header + 42, true);
  if ((flags & ENCRYPTED) !== 0) throw new UnzipError(say`it is encrypted; save it without a password`);
  if (local + LOCAL_BYTES > bytes.byteLength || view.getUint32(local, true) !== LOCAL) throw notWhole();
  const from = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (from + size > bytes.byteLength) throw notWhole();
  const packed = bytes.subarray(from, from + size);
  const tooLarge = (): UnzipError =>
    new UnzipError(say`it would unpack to more than ${megabytes(most)} MB; choose another`);
  if (method !== 0 && method !== 8)
    throw new UnzipError(
      say`it is compressed by method ${method}, which is not read here; save it as a plain zip`,
    );
  if (method === 0 && size > most) throw tooLarge();
  const contents = method === 0 ? packed.slice() : inflate(packed, most, tooLarge);
  if (crc32(contents) !== sum) throw notWhole();
  return contents;
}

/** Inflates piece by piece, so that a bomb is noticed a piece after the bound at the latest. */
function inflate(packed: Uint8Array, most: number, tooLarge: () => UnzipError): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  const stream = new Inflate((part, final) => {
    total += part.byteLength;
    if (total > most) throw tooLarge();
    if (part.byteLength > 0) parts.push(part);
    ended ||= final;
  });
  try {
    for (let at = 0; at < packed.byteLength && !ended; at += CHUNK)
      stream.push(packed.subarray(at, at + CHUNK), at + CHUNK >= packed.byteLength);
  } catch (cause) {
    throw cause instanceof UnzipError ? cause : notWhole(cause);
  }
  if (!ended) throw notWhole();
  const contents = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    contents.set(part, at);
    at += part.byteLength;
  }
  return contents;
}

function notWhole(cause?: unknown): UnzipError {
  return new UnzipError(say`it is no zip, or not a whole one; save or download it again`, cause);
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}
