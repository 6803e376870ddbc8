import { describe, expect, it } from 'vitest';
import { Series } from './series.ts';

function series(values: readonly number[]): Series {
  const out = new Series();
  values.forEach((y, i) => out.push(i + 1, y, 10 * (i + 1), 100 * (i + 1)));
  return out;
}

describe('Series', () => {
  it('keeps all points through growth, over every axis', () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const s = series(values);
    expect(s.length).toBe(1000);
    expect([...s.ys()]).toEqual(values);
    expect(s.xs()[999]).toBe(1000);
    expect(s.xs('seconds')[999]).toBe(10_000);
    expect(s.xs('tokens')[999]).toBe(100_000);
    expect(s.last()).toBe(values[999]);
    expect(series([]).last()).toBeNull();
  });

  it('smooths without bias towards zero, on all points', () => {
    for (const y of series([5, 5, 5, 5]).smoothed(0.9)) expect(y).toBeCloseTo(5, 12);
    // By hand: weight 0.5 over 1, 3 gives 1, then (0.25·1 + 0.5·3) / 0.75.
    const [first, second] = series([1, 3]).smoothed(0.5);
    expect(first).toBeCloseTo(1, 12);
    expect(second).toBeCloseTo(1.75 / 0.75, 12);
  });

  it('never rewrites what it has smoothed, however the points arrive', () => {
    const values = Array.from({ length: 700 }, (_, i) => Math.cos(i) + i / 100);
    const whole = [...series(values).smoothed(0.97)];
    const bits = new Series();
    values.forEach((y, i) => {
      bits.push(i + 1, y);
      if (i % 90 === 0) expect([...bits.smoothed(0.97)]).toEqual(whole.slice(0, i + 1));
    });
    expect([...bits.smoothed(0.5)]).toEqual([...series(values).smoothed(0.5)]);
  });

  it('passes a gap on without spoiling what follows', () => {
    const smooth = series([2, NaN, 2]).smoothed(0.5);
    expect(smooth[1]).toBeNaN();
    expect(smooth[2]).toBeCloseTo(2, 12);
  });

  it('finds the point at a position', () => {
    const s = series([1, 2, 3]);
    expect(s.indexAt('seconds', 25)).toBe(1);
    expect(s.indexAt('step', 0)).toBe(0);
    expect(s.indexAt('tokens', 1e9)).toBe(2);
    expect(new Series().indexAt('step', 1)).toBe(-1);
  });
});
