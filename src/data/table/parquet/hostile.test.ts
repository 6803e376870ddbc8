/** Files that were damaged anywhere end in cells or in our own refusal, soon. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../errors.ts';
import { readTableFile } from '../read-table.ts';
import { Inflater } from './inflate.ts';
import { readRuns } from './runs.ts';
import { started } from '../../../../tests/support/processor-time.ts';

const seed = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../../tests/data/parquet/${name}.parquet`, import.meta.url)));

/** Numbers 0 to below `limit`, the same each time. */
function numbers(): (limit: number) => number {
  let state = 12345;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
}

describe('a damaged file', () => {
  it.each(['none', 'snappy', 'zstd', 'encodings'])('is read or refused in a sentence: %s', async (name) => {
    const whole = seed(name);
    const next = numbers();
    for (let round = 0; round < 60; round++) {
      const bytes = whole.slice();
      // The metadata at the end is what says where everything is.
      const from = round % 2 === 0 ? 0 : whole.length - 6000;
      for (let flips = 1 + next(4); flips > 0; flips--)
        bytes[from + next(whole.length - from)] = round % 3 === 0 ? 0xff : next(256);
      const seconds = started();
      try {
        const table = await readTableFile(bytes, 'damaged.parquet');
        for (const column of table.columns) table.column(column);
      } catch (error) {
        expect(error).toBeInstanceOf(StudioError);
        expect((error as Error).message.length).toBeLessThanOrEqual(400);
      }
      expect(seconds()).toBeLessThan(5);
    }
  });

  it('is refused by the column that is damaged, and others are read', async () => {
    const bytes = seed('none');
    // A run that says it goes on for 2^30 values, in the place of levels of the last columns.
    const table = await readTableFile(bytes, 'a.parquet');
    expect(table.column('label').slice(0, 3)).toEqual(['neg', 'neutral', 'pos']);
    bytes.fill(0xff, 4, 200);
    const damaged = await readTableFile(bytes, 'a.parquet');
    expect(() => damaged.column('text')).toThrow(
      /^a\.parquet: the column "text" of the Parquet file cannot be read \(.+\); write the file again or convert it to CSV\.$/,
    );
    expect(damaged.column('label').slice(0, 3)).toEqual(['neg', 'neutral', 'pos']);
  });
});

describe('runs', () => {
  const reader = (bytes: number[]) => ({ view: new DataView(new Uint8Array(bytes).buffer), offset: 0 });

  it('are read as far as values are wanted, whatever they say', () => {
    // 2^30 times 1, as a varint of the count shifted by one.
    expect(readRuns(reader([0x80, 0x80, 0x80, 0x80, 0x08, 1]), 1, 5, 6)).toEqual([1, 1, 1, 1, 1]);
    expect(readRuns(reader([0x03, 0x88, 0xc6, 0xfa]), 3, 8, 4)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('that are cut off or empty are refused', () => {
    expect(() => readRuns(reader([0x03, 0x88]), 3, 8, 2)).toThrow('packed values are cut off');
    expect(() => readRuns(reader([0x00, 0x01]), 1, 8, 2)).toThrow('a run of no values');
    expect(() => readRuns(reader([0x02, 0x01]), 1, 8, 2)).toThrow('runs are cut off');
    expect(() => readRuns(reader([0x02]), 1, 8, 9)).toThrow('runs end beyond their page');
  });
});

describe('unpacking', () => {
  /** A frame of zstd: no content size, then blocks of a repeated byte, 128 kB each in 4 bytes. */
  const bomb = (blocks: number) => {
    const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for (let i = 1; i <= blocks; i++) {
      const header = (0x20000 << 3) | (1 << 1) | (i === blocks ? 1 : 0);
      frame.push(header & 0xff, (header >> 8) & 0xff, (header >> 16) & 0xff, 0x61);
    }
    return new Uint8Array(frame);
  };

  it('ends where more would come out than the page says', () => {
    const inflater = new Inflater(1000);
    expect(() => inflater.inflate(bomb(20_000), 'ZSTD', 1000)).toThrow('unpacks to more than it says');
    expect(() => inflater.inflate(new Uint8Array(8), 'SNAPPY', 2 ** 31)).toThrow(
      'a page of 2147483648 bytes',
    );
    expect(() => inflater.inflate(new Uint8Array(8), 'SNAPPY', Number.NaN)).toThrow(
      'a page does not say its size',
    );
    expect(() => inflater.inflate(new Uint8Array(8), 'LZO', 8)).toThrow('pages packed by LZO');
  });

  /** 255 bytes that LZ4 repeats for each byte of 255, after one that stands there. */
  const lz4 = new Uint8Array(1_000_000).fill(255);
  lz4.set([0x1f, 97, 1, 0]);
  lz4[lz4.length - 1] = 0;
  const framed = new Uint8Array(lz4.length + 8);
  framed.set(lz4, 8);
  new DataView(framed.buffer).setUint32(0, 1000);
  new DataView(framed.buffer).setUint32(4, lz4.length);
  const zeros = new Uint8Array(2 ** 28);

  it.each([
    ['GZIP', gzipSync(zeros)],
    ['BROTLI', brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
    ['LZ4_RAW', lz4],
    ['LZ4', lz4],
    ['LZ4', framed],
    // The length of 2^32 − 1 that snappy says at its beginning, then one byte repeated.
    ['SNAPPY', new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 97, 0xfe, 1, 0])],
  ])('ends at the size of the page: %s', (codec, packed) => {
    const seconds = started();
    expect(() => new Inflater(packed.length).inflate(new Uint8Array(packed), codec, 1000)).toThrow();
    // A tenth of a second on a quiet machine; without the bound these took minutes.
    expect(seconds()).toBeLessThan(15);
  });

  it.each(['GZIP', 'LZ4_RAW', 'LZ4', 'BROTLI'])(
    'gives what was packed, and refuses what is short: %s',
    (codec) => {
      const text = new TextEncoder().encode('a fine film, a fine day, '.repeat(400));
      // A block of literals alone, their number in bytes of 255 and one below it.
      const literals = (bytes: Uint8Array): Uint8Array => {
        const more = bytes.length - 15;
        const lengths = [...Array<number>(Math.floor(more / 255)).fill(255), more % 255];
        return new Uint8Array([0xf0, ...lengths, ...bytes]);
      };
      const packed =
        codec === 'GZIP' ? gzipSync(text) : codec === 'BROTLI' ? brotliCompressSync(text) : literals(text);
      const unpack = (size: number) => new Inflater(1e6).inflate(new Uint8Array(packed), codec, size);
      expect(new TextDecoder().decode(unpack(text.length))).toBe(new TextDecoder().decode(text));
      expect(() => unpack(text.length + 1)).toThrow('another size than it says');
    },
  );

  it('two streams of gzip one behind the other are one page', () => {
    const parts = ['a fine ', 'film'].map((part) => gzipSync(Buffer.from(part)));
    const page = new Inflater(1000).inflate(new Uint8Array(Buffer.concat(parts)), 'GZIP', 11);
    expect(new TextDecoder().decode(page)).toBe('a fine film');
  });

  it('counts the values and bytes of a column, and begins anew for the next', () => {
    const inflater = new Inflater(0);
    inflater.takeValues(9_000_000);
    expect(() => inflater.takeValues(2_000_000)).toThrow('it holds more than 10 million values');
    inflater.begin();
    inflater.takeValues(9_000_000);
    const page = new Uint8Array(100 * 2 ** 20);
    inflater.inflate(page, 'UNCOMPRESSED', page.length);
    expect(() => inflater.inflate(page, 'UNCOMPRESSED', page.length)).toThrow('unpack to more than 134 MB');
  });
});

describe('a few bytes that stand for very many', () => {
  const written = (text: string[]) =>
    new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: text, type: 'STRING' }] }));

  it('rows are refused by their number', async () => {
    const bytes = written(Array<string>(1_500_000).fill('fine'));
    expect(bytes.length).toBeLessThan(100_000);
    await expect(readTableFile(bytes, 'a.parquet')).rejects.toThrow(
      /more than 1,000,\d{3} rows, which is the most that is read/,
    );
  });

  it('a long text that a dictionary holds once is not repeated until memory ends', async () => {
    const bytes = written(Array<string>(400).fill('fine '.repeat(200_000)));
    expect(bytes.length).toBeLessThan(1_100_000);
    const table = await readTableFile(bytes, 'a.parquet');
    expect(() => table.column('text')).toThrow(/the column "text" .*repeated until they fill the memory/);
  });
});
