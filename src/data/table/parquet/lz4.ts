/**
 * Blocks of LZ4, unpacked to the size a page says and no further. Source: lz4_Block_format.md; the frames of
 * Hadoop around them: Arrow's compression_lz4.cc.
 */

const CUT = 'a page is cut off';

/** @throws Error where a block is damaged or more comes out than `size` */
export function unpackLz4(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const end = unpackBlock(bytes, out, 0);
  return out.subarray(0, end);
}

/** As `unpackLz4`, of blocks behind two lengths each where it is laid out so. */
export function unpackHadoopLz4(bytes: Uint8Array, size: number): Uint8Array {
  const blocks = hadoopBlocks(bytes, size);
  if (blocks === null) return unpackLz4(bytes, size);
  const out = new Uint8Array(size);
  let at = 0;
  for (const { block, length } of blocks) {
    const end = unpackBlock(block, out, at);
    if (end !== at + length) throw new Error('a page unpacks to another size than it says');
    at = end;
  }
  return out.subarray(0, at);
}

/** The blocks where every length fits; null where the bytes are a block themselves. */
function hadoopBlocks(bytes: Uint8Array, size: number): { block: Uint8Array; length: number }[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: { block: Uint8Array; length: number }[] = [];
  let total = 0;
  let at = 0;
  while (at + 8 < bytes.length) {
    const [length, packed] = [view.getUint32(at), view.getUint32(at + 4)];
    total += length;
    at += 8 + packed;
    if (at > bytes.length || total > size) return null;
    blocks.push({ block: bytes.subarray(at - packed, at), length });
  }
  return at === bytes.length && blocks.length > 0 ? blocks : null;
}

/** @returns where what came out ends */
function unpackBlock(bytes: Uint8Array, out: Uint8Array, start: number): number {
  let at = start;
  let i = 0;
  /** Four bits, and bytes of 255 and one below it where they are full. */
  const lengthOf = (bits: number): number => {
    let length = bits;
    for (let byte = bits === 15 ? 255 : 0; byte === 255;) {
      if (i >= bytes.length) throw new Error(CUT);
      length += byte = bytes[i++];
    }
    return length;
  };
  while (i < bytes.length) {
    const token = bytes[i++];
    const literals = lengthOf(token >> 4);
    if (i + literals > bytes.length) throw new Error(CUT);
    if (at + literals > out.length) throw new Error('a page unpacks to more than it says');
    out.set(bytes.subarray(i, i + literals), at);
    at += literals;
    i += literals;
    // The last sequence has no match.
    if (i >= bytes.length) return at;
    const back = bytes[i] + bytes[i + 1] * 256;
    i += 2;
    if (!(back > 0 && back <= at - start)) throw new Error('a page repeats what it does not have');
    const match = 4 + lengthOf(token & 15);
    if (at + match > out.length) throw new Error('a page unpacks to more than it says');
    for (const end = at + match; at < end; at++) out[at] = out[at - back];
  }
  return at;
}
