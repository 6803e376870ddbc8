/** Pages are unpacked to the size that they say, and to no more. */
import { Gunzip, Inflate } from 'fflate';
import { decompressSnappy, decompressZstd } from 'hyparquet-compressors';
import { unpackBrotli } from './brotli.ts';
import { unpackHadoopLz4, unpackLz4 } from './lz4.ts';

/** Bytes that the pages of one column may unpack to: so many always, and so many for each byte of the file. */
const ALWAYS = 128 * 2 ** 20;
const EACH_BYTE = 16;
/** Bytes of one page. */
const MAX_PAGE = 256 * 2 ** 20;
/** Values of a column, those within its lists too. */
const MAX_VALUES = 10_000_000;
/** Bytes of a gzip stream that are unpacked at once, before what came out is counted. */
const GZIP_STEP = 16 * 2 ** 10;
/** What a block of zstd may hold. */
const ZSTD_BLOCK = 128 * 2 ** 10;
const ZSTD_MAGIC = 0xfd2fb528;
/** Frames with these magic numbers hold nothing: `0x184D2A50` to `0x184D2A5F`. */
const ZSTD_SKIPPED = 0x184d2a5;

export class Inflater {
  private readonly most: number;
  private left: number;
  private values = MAX_VALUES;

  /** @param fileSize bytes of the file */
  constructor(fileSize: number) {
    this.most = ALWAYS + EACH_BYTE * fileSize;
    this.left = this.most;
  }

  /** Before a column is read: what others took is no concern of it. */
  begin(): void {
    this.left = this.most;
    this.values = MAX_VALUES;
  }

  /** A run of a few bytes stands for any number of values. @throws Error where a column has too many */
  takeValues(count: number): void {
    this.values -= count;
    if (this.values < 0) throw new Error(`it holds more than ${MAX_VALUES / 1e6} million values`);
  }

  /**
   * @param codec name of the metadata: `SNAPPY`, `ZSTD`, …; undefined where its number has none
   * @param size bytes that are to come out; damaged headers have none
   * @throws Error for an unknown codec, or where more comes out or less
   */
  inflate(bytes: Uint8Array, codec: string | undefined, size: number): Uint8Array {
    if (!Number.isInteger(size)) throw new Error('a page does not say its size');
    if (size < 0 || size > MAX_PAGE) throw new Error(`a page of ${size} bytes`);
    this.left -= size;
    if (this.left < 0) throw new Error(`its pages unpack to more than ${Math.floor(this.most / 1e6)} MB`);
    if (codec === 'UNCOMPRESSED') {
      if (bytes.length !== size) throw new Error('a page is not as long as it says');
      return bytes;
    }
    if (codec === undefined || !Object.hasOwn(UNPACK, codec))
      throw new Error(codec ? `pages packed by ${codec}` : 'pages packed in an unknown way');
    const page = UNPACK[codec](bytes, size);
    if (page.length !== size) throw new Error('a page unpacks to another size than it says');
    return page;
  }
}

/** Each ends where more would come out than the page says. */
const UNPACK: Readonly<Record<string, (bytes: Uint8Array, size: number) => Uint8Array>> = {
  SNAPPY: (bytes, size) => {
    if (snappySize(bytes) !== size) throw new Error('a page unpacks to another size than it says');
    return decompressSnappy(bytes, size);
  },
  ZSTD: (bytes, size) => {
    checkZstd(bytes, size);
    return decompressZstd(bytes);
  },
  GZIP: gunzip,
  BROTLI: brotli,
  LZ4_RAW: unpackLz4,
  LZ4: unpackHadoopLz4,
};

/** What comes out of snappy is said at its beginning, as a varint. */
function snappySize(bytes: Uint8Array): number {
  let size = 0;
  for (let i = 0; i < 5 && i < bytes.length; i++) {
    size += (bytes[i] & 0x7f) * 2 ** (7 * i);
    if (bytes[i] < 0x80) return size;
  }
  return NaN;
}

function gunzip(bytes: Uint8Array, size: number): Uint8Array {
  const page = new Uint8Array(size);
  let at = 0;
  const take = (part: Uint8Array): void => {
    if (at + part.length > size) throw new Error('a page unpacks to more than it says');
    page.set(part, at);
    at += part.length;
  };
  // Some writers leave the header of gzip out.
  const stream = bytes[0] === 31 && bytes[1] === 139 ? new Gunzip(take) : new Inflate(take);
  for (let from = 0; from < bytes.length; from += GZIP_STEP)
    stream.push(bytes.slice(from, from + GZIP_STEP), from + GZIP_STEP >= bytes.length);
  return page.subarray(0, at);
}

/** What is used of Node.js's own module. */
interface Zlib {
  brotliDecompressSync: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
}

/** Node.js has a decoder of its own, which is many times as fast. */
function brotli(bytes: Uint8Array, size: number): Uint8Array {
  const node = (globalThis as { process?: { getBuiltinModule?: (name: 'node:zlib') => Zlib } }).process;
  const zlib = node?.getBuiltinModule?.('node:zlib');
  return zlib === undefined
    ? unpackBrotli(bytes, size)
    : zlib.brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, size) });
}

/** The reader of zstd makes room for whatever frames and blocks announce: that is added up first. */
function checkZstd(bytes: Uint8Array, size: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let most = 0;
  for (let at = 0; at < bytes.length;) {
    const magic = view.getUint32(at, true);
    if (magic >>> 4 === ZSTD_SKIPPED) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (magic !== ZSTD_MAGIC) throw new Error('a page is not packed by ZSTD');
    const descriptor = view.getUint8(at + 4);
    const single = (descriptor >> 5) & 1;
    const contentFlag = descriptor >> 6;
    const contentBytes = contentFlag === 0 ? single : 2 ** contentFlag;
    const header = at + 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3];
    if (contentBytes > 0 && contentSize(view, header, contentBytes) > size)
      throw new Error('a page unpacks to more than it says');
    at = header + contentBytes;
    for (let last = false; !last;) {
      const block = view.getUint16(at, true) + view.getUint8(at + 2) * 2 ** 16;
      last = (block & 1) === 1;
      const kind = (block >> 1) & 3;
      const length = block >> 3;
      most += kind === 2 ? ZSTD_BLOCK : length;
      if (most > MAX_PAGE) throw new Error('a page unpacks to more than it says');
      // A repeated byte takes one.
      at += 3 + (kind === 1 ? 1 : length);
    }
    if (descriptor & 4) at += 4;
  }
}

function contentSize(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true) + 256;
  if (bytes === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}
