import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearUnfinished, readWhole, writeFolder, writeWhole } from './whole-file.ts';

let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);
const text = (...parts: string[]) => readFileSync(at(...parts), 'utf8');
const bytes = (content: string) => new TextEncoder().encode(content);

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'delta-whole-'))));
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

describe('a whole file', () => {
  it('takes the place of the one before, and leaves nothing beside it', () => {
    writeWhole(at('a.txt'), 'one');
    writeWhole(at('a.txt'), bytes('two, longer'));
    expect(text('a.txt')).toBe('two, longer');
    expect(new TextDecoder().decode(readWhole(at('a.txt')))).toBe('two, longer');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('says in a sentence where it cannot be written, and leaves what stood there', () => {
    mkdirSync(at('taken'));
    writeFileSync(at('taken', 'inside'), 'kept');
    expect(() => writeWhole(at('taken'), 'new')).toThrow(
      new RegExp(`^${at('taken')} cannot be written \\(\\w+: .*\\); choose another --out$`),
    );
    expect(text('taken', 'inside')).toBe('kept');
    expect(readdirSync(folder)).toEqual(['taken']);
    expect(() => writeWhole(at('none', 'a.txt'), 'x')).toThrow(/ENOENT/);
  });
});

describe('a whole folder', () => {
  const files = [
    { name: 'a.bin', bytes: bytes('a') },
    { name: 'deep/b.bin', bytes: bytes('b') },
  ];

  it('takes the place of the one before with all of its files', () => {
    writeFolder(at('out'), [{ name: 'old.bin', bytes: bytes('old') }], true);
    writeFolder(at('out'), files, true);
    expect(readdirSync(at('out')).sort()).toEqual(['a.bin', 'deep']);
    expect(text('out', 'deep', 'b.bin')).toBe('b');
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('never takes the place of another unasked', () => {
    writeFolder(at('out'), files, false);
    expect(() => writeFolder(at('out'), [], false)).toThrow(/cannot be written/);
    expect(text('out', 'a.bin')).toBe('a');
    expect(readdirSync(folder)).toEqual(['out']);
  });
});

it('tidies up after a process that was ended in the middle', () => {
  writeFileSync(at('.run.json.77.new'), '{"ha');
  mkdirSync(at('.adapter.77.new'));
  // Ended between its two renames, and after them.
  mkdirSync(at('.adapter.77.old'));
  writeFileSync(at('.adapter.77.old', 'kept'), 'kept');
  mkdirSync(at('.done.77.old'));
  mkdirSync(at('done'));
  writeFileSync(at('.gitignore'), '');
  clearUnfinished(folder);
  expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'adapter', 'done']);
  expect(text('adapter', 'kept')).toBe('kept');
  expect(existsSync(at('.adapter.77.new'))).toBe(false);
});
