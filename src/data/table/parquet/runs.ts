/**
 * The hybrid of runs and packed bits in which Parquet stores levels and places in a dictionary, read with bounds: a
 * run says how long it is, and a damaged one says anything (hyparquet's own reader believes it).
 * Source: parquet-format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".
 */

export interface Reader {
  view: DataView;
  offset: number;
}

/**
 * @param width bits of a value, 0 to 32
 * @param count values that are wanted; what a packed group holds beyond them is left out
 * @param length bytes that hold them; where undefined the first four say
 * @throws Error where the bytes end before the values do
 */
export function readRuns(reader: Reader, width: number, count: number, length?: number): number[] {
  if (width > 32) throw new Error(`values of ${width} bits`);
  if (length === undefined) {
    length = reader.view.getUint32(reader.offset, true);
    reader.offset += 4;
  }
  const end = reader.offset + length;
  if (end > reader.view.byteLength) throw new Error('runs end beyond their page');
  const values: number[] = [];
  while (values.length < count) {
    const header = readVarint(reader, end);
    if (header & 1) readPacked(reader, width, header >>> 1, count, values);
    else readRepeated(reader, width, header >>> 1, count, values);
  }
  reader.offset = end;
  return values;
}

function readRepeated(reader: Reader, width: number, run: number, count: number, values: number[]): void {
  if (run === 0) throw new Error('a run of no values');
  let value = 0;
  for (let byte = 0; byte < Math.ceil(width / 8); byte++)
    value += reader.view.getUint8(reader.offset++) * 2 ** (8 * byte);
  for (let left = Math.min(run, count - values.length); left > 0; left--) values.push(value);
}

/** Groups of eight values; the last group of a page may lack the bytes that nobody reads. */
function readPacked(reader: Reader, width: number, groups: number, count: number, values: number[]): void {
  if (groups === 0) throw new Error('a run of no values');
  const { view, offset: start } = reader;
  const wanted = Math.min(groups * 8, count - values.length);
  if (start + Math.ceil((wanted * width) / 8) > view.byteLength) throw new Error('packed values are cut off');
  for (let i = 0, bit = 0; i < wanted; i++) {
    let value = 0;
    for (let taken = 0; taken < width;) {
      const free = 8 - (bit & 7);
      const bits = Math.min(free, width - taken);
      const part = (view.getUint8(start + (bit >>> 3)) >>> (bit & 7)) & ((1 << bits) - 1);
      value += part * 2 ** taken;
      taken += bits;
      bit += bits;
    }
    values.push(value);
  }
  reader.offset = start + groups * width;
}

function readVarint(reader: Reader, end: number): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (reader.offset >= end) throw new Error('runs are cut off');
    const byte = reader.view.getUint8(reader.offset++);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value >>> 0;
  }
  throw new Error('a run without a length');
}
