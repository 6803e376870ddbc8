import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns } from './columns.ts';

describe('columns', () => {
  it('joins few points by position and leaves gaps', () => {
    const out = columns(
      [
        { x: [1, 3], y: [0.5, 0.25] },
        { x: [0, 3], y: [1, NaN] },
      ],
      10,
    );
    expect(out).toEqual([
      [0, 1, 3],
      [null, 0.5, 0.25],
      [1, null, null],
    ]);
  });

  it('leaves out what a logarithmic axis cannot show', () => {
    const [, y] = columns([{ x: [1, 2], y: [0, 2] }], 10, (value) => value > 0);
    expect(y).toEqual([null, 2]);
  });

  it('keeps every curve’s extremes and the order of its points when it cuts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 30, maxLength: 600 }),
        fc.integer({ min: 2, max: 12 }),
        (values, pieces) => {
          const x = values.map((_, i) => i);
          const [xs, ys] = columns([{ x, y: values }], pieces);
          const drawn = ys.filter((y) => y !== null);
          expect(xs).toHaveLength(2 * pieces);
          expect(Math.max(...drawn)).toBe(Math.max(...values));
          expect(Math.min(...drawn)).toBe(Math.min(...values));
          for (let i = 1; i < xs.length; i++) expect(xs[i]).toBeGreaterThan(xs[i - 1]);
          xs.forEach((at, i) => {
            if (ys[i] === null) return;
            // A point is drawn no further from its place than a piece of the axis is wide.
            const near = values.some((y, j) => y === ys[i] && Math.abs(j - at) <= values.length / pieces);
            expect(near).toBe(true);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps one point a piece of a moving average', () => {
    const x = Array.from({ length: 100 }, (_, i) => i);
    const [, y] = columns([{ x, y: x, smooth: true }], 10);
    expect(y.filter((value) => value !== null)).toEqual([9, 19, 29, 39, 49, 59, 69, 79, 89, 99]);
  });

  it('cuts curves of different reach over the same axis', () => {
    const long = Array.from({ length: 100 }, (_, i) => i);
    const [xs, a, b] = columns(
      [
        { x: long, y: long },
        { x: [0, 10], y: [7, 8] },
      ],
      10,
    );
    expect(xs[0]).toBeGreaterThan(0);
    expect(a[19]).toBe(99);
    expect(b.filter((y) => y !== null)).toEqual([7, 8]);
  });
});
