/** Pages are unpacked to the size that they say, and to no more. */
import { compressors } from 'hyparquet-compressors';

/** Bytes of one page, and of all pages that a file has unpacked. */
const MAX_PAGE = 256 * 2 ** 20;
const MAX_FILE = 2 ** 30;
/** What a block of zstd may hold. */
const ZSTD_BLOCK = 128 * 2 ** 10;
const ZSTD_MAGIC = 0xfd2fb528;
/** Frames with these magic numbers hold nothing: `0x184D2A50` to `0x184D2A5F`. */
const ZSTD_SKIPPED = 0x184d2a5;

export class Inflater {
  private left = MAX_FILE;

  /**
   * @param codec name of the metadata: `SNAPPY`, `ZSTD`, …; undefined where its number has none
   * @param size bytes that are to come out
   * @throws Error for an unknown codec, or where more comes out or less
   */
  inflate(bytes: Uint8Array, codec: string | undefined, size: number): Uint8Array {
    if (!Number.isInteger(size) || size < 0 || size > MAX_PAGE) throw new Error(`a page of ${size} bytes`);
    this.left -= size;
    if (this.left < 0) throw new Error('its pages unpack to more than 1 GB');
    if (codec === 'UNCOMPRESSED') {
      if (bytes.length !== size) throw new Error('a page is not as long as it says');
      return bytes;
    }
    const unpack =
      codec !== undefined && Object.hasOwn(compressors, codec)
        ? compressors[codec as keyof typeof compressors]
        : undefined;
    if (unpack === undefined)
      throw new Error(codec ? `pages packed by ${codec}` : 'pages packed in an unknown way');
    if (codec === 'ZSTD') checkZstd(bytes, size);
    const page = unpack(bytes, size);
    if (page.length !== size) throw new Error('a page unpacks to another size than it says');
    return page;
  }
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
