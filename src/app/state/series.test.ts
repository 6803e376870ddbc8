import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Series } from './series.ts';

function series(values: readonly number[]): Series {
  const out = new Series();
  values.forEach((y, i) => out.push(i + 1, y));
  return out;
}

describe('Series', () => {
  it('keeps all points through growth', () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const s = series(values);
    expect(s.length).toBe(1000);
    expect(s.downsample(2000)).toEqual(values.map((y, i) => [i + 1, y]));
    expect(s.last()).toBe(values[999]);
    expect(series([]).last()).toBeNull();
  });

  it('downsamples within the limit, keeping ends, order and extremes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 3000 }),
        fc.integer({ min: 4, max: 400 }),
        (values, limit) => {
          const s = series(values);
          const points = s.downsample(limit);
          expect(points.length).toBeLessThanOrEqual(limit);
          expect(points[0]).toEqual([1, values[0]]);
          expect(points.at(-1)).toEqual([values.length, values.at(-1)]);
          for (let i = 1; i < points.length; i++) expect(points[i][0]).toBeGreaterThan(points[i - 1][0]);
          const ys = points.map((p) => p[1]);
          expect(Math.max(...ys)).toBe(Math.max(...values));
          expect(Math.min(...ys)).toBe(Math.min(...values));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('smooths without bias towards zero, on all points', () => {
    for (const [, y] of series([5, 5, 5, 5]).smoothed(0.9).downsample(10)) expect(y).toBeCloseTo(5, 12);
    // By hand: weight 0.5 over 1, 3 gives 1, then (0.25·1 + 0.5·3) / 0.75.
    const [first, second] = series([1, 3]).smoothed(0.5).downsample(10);
    expect(first[1]).toBeCloseTo(1, 12);
    expect(second[1]).toBeCloseTo(1.75 / 0.75, 12);
  });

  it('passes a gap on without spoiling what follows', () => {
    const points = series([2, NaN, 2]).smoothed(0.5).downsample(10);
    expect(points[1][1]).toBeNaN();
    expect(points[2][1]).toBeCloseTo(2, 12);
  });
});
