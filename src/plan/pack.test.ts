import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignUp, pack } from './pack.ts';
import type { Interval } from './pack.ts';

const intervals = fc
  .array(fc.record({ bytes: fc.integer({ min: 1, max: 5000 }), from: fc.nat(40), length: fc.nat(15) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((items) =>
    items.map(({ bytes, from, length }, i): Interval => ({ name: `v${i}`, bytes, from, to: from + length })),
  );

describe('pack', () => {
  it('never lets two live values overlap, and aligns every offset', () => {
    fc.assert(
      fc.property(intervals, (items) => {
        for (const limit of [Infinity, 20_000, 5120]) {
          const { places, buffers } = pack(items, 256, limit);
          for (const bytes of buffers) expect(bytes).toBeLessThanOrEqual(limit);
          for (const a of items) {
            const { buffer, offset } = places.get(a.name)!;
            expect(offset % 256).toBe(0);
            expect(offset + a.bytes).toBeLessThanOrEqual(buffers[buffer]);
            for (const b of items) {
              if (a === b || a.to < b.from || b.to < a.from) continue;
              const other = places.get(b.name)!;
              if (other.buffer !== buffer) continue;
              expect(offset + a.bytes <= other.offset || other.offset + b.bytes <= offset).toBe(true);
            }
          }
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('takes further buffers only where one is not enough, and loses little at their ends', () => {
    fc.assert(
      fc.property(intervals, (items) => {
        const [one] = pack(items, 256).buffers;
        expect(pack(items, 256, one).buffers).toEqual([one]);
        const total = pack(items, 256, 20_000).buffers.reduce((n, bytes) => n + bytes, 0);
        expect(total).toBeLessThanOrEqual(one + 5120 * Math.ceil(one / (20_000 - 5120)));
      }),
      { numRuns: 60, seed: 9 },
    );
  });

  it('says by name what no buffer can hold', () => {
    const huge = { name: 'huge', bytes: 4096, from: 0, to: 1 };
    expect(() => pack([huge], 256, 4000)).toThrow('huge');
  });

  it('needs no more than the sum, and no less than the busiest moment', () => {
    fc.assert(
      fc.property(intervals, (items) => {
        const [bytes] = pack(items, 256).buffers;
        const sizes = items.map((item) => alignUp(item.bytes, 256));
        expect(bytes).toBeLessThanOrEqual(sizes.reduce((n, s) => n + s, 0));
        for (let t = 0; t < 60; t++) {
          const live = items.reduce((n, item, i) => (item.from <= t && t <= item.to ? n + sizes[i] : n), 0);
          expect(bytes).toBeGreaterThanOrEqual(live);
        }
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  it('reuses memory of values that have died', () => {
    const chain = Array.from({ length: 10 }, (_, i) => ({ name: `v${i}`, bytes: 1024, from: i, to: i + 1 }));
    expect(pack(chain, 256).buffers).toEqual([2048]);
  });
});
