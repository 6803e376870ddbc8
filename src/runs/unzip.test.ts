import { strFromU8, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { english } from '../sentence.ts';
import { crc32 } from './crc32.ts';
import { fileNameProblem } from './file-names.ts';
import { openZip, UnzipError } from './unzip.ts';

const MEBI = 2 ** 20;
const LIMITS = { entries: 100, bytes: MEBI };

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UnzipError);
    return english((error as UnzipError).why);
  }
  throw new Error('nothing was refused');
}

describe('a zip', () => {
  it('has the files that were put into it, compressed or not', () => {
    const text = strToU8('a line\n'.repeat(1000));
    const zip = zipSync({ 'a/b.txt': text, c: [text, { level: 0 }], none: new Uint8Array() });
    const files = openZip(zip, LIMITS);
    expect([...files.keys()]).toEqual(['a/b.txt', 'c', 'none']);
    for (const name of ['a/b.txt', 'c']) expect(files.get(name)!.read()).toEqual(text);
    expect(files.get('none')!.read()).toEqual(new Uint8Array());
  });

  it('is inflated no further than allowed, whatever its headers say', () => {
    // A thousand times as large as it looks; the header claims a byte.
    const bomb = zipSync({ bomb: new Uint8Array(50 * MEBI) });
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    const central = bomb.byteLength - 22 - 46 - 4;
    expect(view.getUint32(central, true)).toBe(0x02014b50);
    view.setUint32(central + 24, 1, true);
    view.setUint32(22, 1, true);
    const files = openZip(bomb, LIMITS);
    expect(refusal(() => files.get('bomb')!.read())).toMatch(/more than 1 MB/);
    // The same with a bound that it keeps to: what the header says is not what counts.
    expect(
      openZip(bomb, { entries: 1, bytes: 50 * MEBI })
        .get('bomb')!
        .read(),
    ).toHaveLength(50 * MEBI);
  });

  it('counts all that is read of it, the same file again too', () => {
    const part = new Uint8Array(0.4 * MEBI);
    const files = openZip(zipSync({ a: part, b: [part, { level: 0 }], c: part }), LIMITS);
    files.get('a')!.read();
    files.get('b')!.read();
    expect(refusal(() => files.get('c')!.read())).toMatch(/unpack to more/);
    const again = openZip(zipSync({ a: part }), LIMITS).get('a')!;
    again.read();
    again.read();
    expect(refusal(() => again.read())).toMatch(/unpack to more/);
  });

  it('is refused with too many entries, names that lead away, and what is not whole', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`f${i}`, new Uint8Array()]));
    expect(refusal(() => openZip(zipSync(many), LIMITS))).toMatch(/101 files where at most 100/);
    for (const name of ['../a', 'a/../../b', '/etc/x', 'C:/x', 'a\\..\\b', 'a\nb', './a', 'a//b'])
      expect(
        refusal(() => openZip(zipSync({ [name]: new Uint8Array() }), LIMITS)),
        name,
      ).toMatch(/^the name /);
    const zip = zipSync({ a: [strToU8('some text'), { level: 0 }] });
    const broken = zip.slice();
    broken[zip.indexOf('s'.charCodeAt(0), 31)] ^= 1;
    expect(refusal(() => openZip(broken, LIMITS).get('a')!.read())).toMatch(/not a whole one/);
    for (const cut of [0, 1, 21, zip.byteLength - 1])
      expect(refusal(() => openZip(zip.slice(0, cut), LIMITS))).toMatch(/not a whole one/);
    // Two entries of one name: which of them counts would be anybody's guess.
    const twice = zipSync({ aa: strToU8('1'), ab: strToU8('2') });
    const at = strFromU8(twice, true).lastIndexOf('ab');
    twice[at + 1] = 'a'.charCodeAt(0);
    expect(refusal(() => openZip(twice, LIMITS))).toMatch(/aa stands in it twice/);
  });

  it('survives any byte changed', () => {
    const zip = zipSync({ 'a/b': strToU8('text '.repeat(40)), c: [strToU8('plain'), { level: 0 }] });
    for (let at = 0; at < zip.byteLength; at++)
      for (const bit of [1, 0x80, 0xff]) {
        const changed = zip.slice();
        changed[at] ^= bit;
        try {
          for (const { read } of openZip(changed, LIMITS).values()) read();
        } catch (error) {
          if (!(error instanceof UnzipError)) throw error;
        }
      }
  });
});

it('CRC-32 of the check value of its catalogue', () => {
  expect(crc32(strToU8('123456789'))).toBe(0xcbf43926);
});

it('takes names as they are in folders', () => {
  for (const good of ['a', 'a/', 'runs/lora/metrics.jsonl', '..a', 'a..b/c', '中文.json', 'a b'])
    expect(fileNameProblem(good), good).toBeNull();
});
