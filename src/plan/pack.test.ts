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
        const { offsets, bytes } = pack(items, 256);
        for (const a of items) {
          const start = offsets.get(a.name)!;
          expect(start % 256).toBe(0);
          expect(start + a.bytes).toBeLessThanOrEqual(bytes);
          for (const b of items) {
            if (a === b || a.to < b.from || b.to < a.from) continue;
            const other = offsets.get(b.name)!;
            expect(start + a.bytes <= other || other + b.bytes <= start).toBe(true);
          }
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('needs no more than the sum, and no less than the busiest moment', () => {
    fc.assert(
      fc.property(intervals, (items) => {
        const { bytes } = pack(items, 256);
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
    expect(pack(chain, 256).bytes).toBe(2048);
  });
});
