/** A safetensors file on disk: what is large stays in it, and all is what the file read whole has. */
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partsOfFile, storedFile } from '../../cli/file-parts.ts';
import type { StoredBytes } from '../graph/source.ts';
import { floatInitializer, heldBytes, ownFloats } from '../graph/tensor.ts';
import { partsOfBytes } from '../models/file-parts.ts';
import { openSafetensors, storedSafetensors } from './safetensors-file.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const numbers = (length: number, from: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => from + (i % 1000));
const TENSORS = [
  floatInitializer('large', [1200, 4096], numbers(1200 * 4096, 1)),
  floatInitializer('other', [128, 128], numbers(128 * 128, 2)),
  floatInitializer('small', [3], numbers(3, 3)),
];
const WHOLE = writeSafetensors(TENSORS, { format: 'pt', note: 'kept' });

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-safetensors-'));
  file = path.join(folder, 'a.safetensors');
  writeFileSync(file, WHOLE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sameNumbers = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** The file, and what was read of it. */
function watched(): { size: number; reads: number[]; stored(offset: number, length: number): StoredBytes } {
  const reads: number[] = [];
  const { size, stored } = storedFile(file);
  return {
    size,
    reads,
    stored: (offset, length) => {
      const bytes = stored(offset, length);
      return {
        ...bytes,
        byteLength: length,
        read: () => {
          reads.push(length);
          return bytes.read();
        },
      };
    },
  };
}

describe('a large safetensors file', () => {
  it('is known after its header and its small tensors; the others are read each time they are looked at', () => {
    const seen = watched();
    const { tensors, metadata } = storedSafetensors(seen, 'a.safetensors');
    expect(metadata).toEqual({ format: 'pt', note: 'kept' });
    expect([...tensors.keys()]).toEqual(['large', 'other', 'small']);
    const before = seen.reads.reduce((sum, length) => sum + length, 0);
    expect(before).toBeLessThan(1000);
    for (const tensor of TENSORS) {
      const read = tensors.get(tensor.name)!;
      expect(read.dims).toEqual(tensor.dims);
      expect(Buffer.from(heldBytes(read)).equals(tensor.bytes)).toBe(true);
      expect(sameNumbers(ownFloats(read), ownFloats(tensor))).toBe(true);
    }
    expect(seen.reads.filter((length) => length === 1200 * 4096 * 4)).toHaveLength(2);
  });

  it('holds what it holds read whole, in whatever way it is opened', async () => {
    const whole = readSafetensors(WHOLE, 'a.safetensors');
    for (const parts of [partsOfFile(file)!, partsOfBytes(WHOLE)]) {
      const { tensors, metadata } = await openSafetensors(parts, 'a.safetensors');
      expect(metadata).toEqual(whole.metadata);
      for (const [name, tensor] of whole.tensors)
        expect(Buffer.from(heldBytes(tensors.get(name)!)).equals(tensor.bytes)).toBe(true);
    }
  });

  it('is refused by the same words as one read whole where it is cut short', () => {
    const cut = path.join(folder, 'cut.safetensors');
    for (const length of [0, 7, 8, 100, WHOLE.length - 1]) {
      writeFileSync(cut, WHOLE);
      truncateSync(cut, length);
      const whole = () => readSafetensors(WHOLE.slice(0, length), 'x');
      let said = '';
      try {
        whole();
      } catch (error) {
        said = (error as Error).message;
      }
      expect(said).toMatch(/not a whole safetensors file/);
      expect(() => storedSafetensors(storedFile(cut), 'x')).toThrow(said);
    }
  });

  it('is refused where it has changed since', () => {
    const changing = path.join(folder, 'changing.safetensors');
    writeFileSync(changing, WHOLE);
    const { tensors } = storedSafetensors(storedFile(changing), 'x');
    appendFileSync(changing, 'x');
    expect(() => heldBytes(tensors.get('large')!)).toThrow(/may have been moved or changed/);
  });
});
