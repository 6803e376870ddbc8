/** The decoder of the page, beside Node.js's own. */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackBrotli } from './brotli.ts';
import { started } from '../../../../tests/support/processor-time.ts';

const packed = (bytes: Uint8Array, quality = 5): Uint8Array =>
  new Uint8Array(brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }));
function ofNode(bytes: Uint8Array): Uint8Array | null {
  try {
    return brotliDecompressSync(bytes);
  } catch {
    return null;
  }
}
const text = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => 97 + ((i * i + (i >> 5)) % 23));

describe('a page packed by Brotli', () => {
  it.each([0, 1, 1000, 400_000])('of %i bytes comes out as it went in', (length) => {
    for (const quality of [0, 5, 9]) {
      const page = unpackBrotli(packed(text(length), quality), length);
      expect(Buffer.compare(page, text(length))).toBe(0);
    }
  });

  it('is refused where other than its size comes out', () => {
    const bytes = packed(text(5000));
    expect(() => unpackBrotli(bytes, 4999)).toThrow('a page unpacks to more than it says');
    expect(() => unpackBrotli(bytes, 5001)).toThrow('a page unpacks to another size than it says');
    // The same decoder goes on with sound pages.
    expect(unpackBrotli(bytes, 5000)).toEqual(text(5000));
  });

  it('is left as soon as more is announced, however much that is', () => {
    const bomb = packed(new Uint8Array(2 ** 28), 4);
    const memory = process.resourceUsage().maxRSS;
    const seconds = started();
    expect(() => unpackBrotli(bomb, 1000)).toThrow('a page unpacks to more than it says');
    expect(seconds()).toBeLessThan(0.5);
    expect((process.resourceUsage().maxRSS - memory) / 1024).toBeLessThan(100);
  });

  it('that is damaged is refused, or read as Node.js reads it', () => {
    const whole = packed(text(3000), 9);
    let [seed, refused] = [1, 0];
    const below = (limit: number): number => {
      seed = (Math.imul(seed, 48_271) >>> 0) % 0x7fffffff;
      return seed % limit;
    };
    for (let i = 0; i < 200; i++) {
      const bytes = whole.slice(0, below(4) === 0 ? 1 + below(whole.length) : whole.length);
      for (let times = below(3); times >= 0; times--) bytes[below(bytes.length)] ^= 1 << below(8);
      let page: Uint8Array;
      try {
        page = unpackBrotli(bytes, 3000);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        refused++;
        continue;
      }
      expect(page).toHaveLength(3000);
      // Node.js refuses more, such as bits that are left at the end; where it does not, it reads the same.
      const read = ofNode(bytes);
      if (read !== null) expect(Buffer.compare(page, read)).toBe(0);
    }
    expect(refused).toBeGreaterThan(50);
  });
});
