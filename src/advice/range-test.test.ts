import { describe, expect, it } from 'vitest';
import { BELOW_LOWEST_OF_HEAD, RANGE_BATCHES, rangeAround, rangeTest, rateAt } from './range-test.ts';

const options = rangeAround(1e-3);

/** Noise of rows: the same for a batch whenever it comes. */
const ofBatch = (batch: number): number => 0.2 * Math.sin(12.9898 * (batch + 1));

/** A learner that comes down while rates are below `best`, and goes up above it. */
function learner(best: number, noise = 0) {
  let loss = 0.7;
  let n = 0;
  return (rate: number, batch: number): Promise<number> => {
    const told = loss + ofBatch(batch) + noise * Math.sin(78.233 * ++n);
    const step = rate / best;
    loss = Math.max(0.05, loss - 0.02 * step * Math.exp(1 - step)) + 0.02 * Math.max(0, step - 2) ** 2;
    return Promise.resolve(told);
  };
}

describe('the range test', () => {
  it('goes from the lowest rate to the highest by equal factors', () => {
    const { low, high, steps } = options;
    expect(rateAt(0, options)).toBe(low);
    expect(rateAt(steps - 1, options)).toBeCloseTo(high);
    expect(rateAt(5, options) / rateAt(4, options)).toBeCloseTo(rateAt(50, options) / rateAt(49, options));
  });

  it.each([0, 0.05])('finds where a method learns and where it diverges, noise %d', async (noise) => {
    for (const best of [1e-4, 1e-3, 1e-2]) {
      const { suggested, diverges } = await rangeTest(learner(best, noise), options);
      expect(suggested! / best).toBeGreaterThan(0.1);
      expect(suggested! / best).toBeLessThan(2);
      expect(diverges! / best).toBeGreaterThan(3);
    }
  });

  it('is not moved by which rows a step got', async () => {
    const still = await rangeTest((_rate, batch) => Promise.resolve(0.7 + ofBatch(batch)), options);
    for (const [, loss] of still.curve) expect(loss).toBeCloseTo(still.curve[0][1], 10);
    expect(still.suggested).toBeNull();
    expect(still.diverges).toBeNull();
  });

  it('suggests nothing where the loss diverges at once', async () => {
    let n = 0;
    const { curve, suggested, diverges } = await rangeTest((rate) => {
      if (rate > 0) n++;
      return Promise.resolve(0.7 * 3 ** n);
    }, options);
    expect(suggested).toBeNull();
    expect(diverges).toBe(curve.at(-1)![0]);
    expect(curve.length).toBeLessThan(5);
  });

  it('ends at a loss that is no number, and keeps below it', async () => {
    const limit = 2e-2;
    const { curve, suggested, diverges } = await rangeTest((rate) => {
      return Promise.resolve(rate > limit ? NaN : 0.7 - 10 * rate);
    }, options);
    expect(curve.every(([, loss]) => Number.isFinite(loss))).toBe(true);
    expect(diverges).toBeGreaterThan(limit);
    expect(suggested).toBeLessThanOrEqual(diverges! / 4);
  });

  it('goes up to the end where the loss never runs away', async () => {
    const { curve, suggested, diverges } = await rangeTest((rate) => Promise.resolve(0.7 - rate), options);
    expect(curve).toHaveLength(options.steps);
    expect(diverges).toBeNull();
    expect(suggested).toBeCloseTo(curve.at(-1)![0] / 6, 1);
  });

  it('stays further below the lowest loss for a head alone', async () => {
    const falling = (rate: number) => Promise.resolve(0.7 - rate);
    const usual = await rangeTest(falling, options);
    const ofHead = await rangeTest(falling, { ...options, below: BELOW_LOWEST_OF_HEAD });
    expect(ofHead.curve).toEqual(usual.curve);
    expect(usual.suggested! / ofHead.suggested!).toBeCloseTo(BELOW_LOWEST_OF_HEAD / 6, 0);
  });

  it('ends when asked to, with what it has', async () => {
    let left = RANGE_BATCHES + 10;
    const { curve } = await rangeTest(learner(1e-3), options, () => left-- > 0);
    expect(curve).toHaveLength(10);
  });
});
