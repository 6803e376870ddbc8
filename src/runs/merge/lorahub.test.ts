import { describe, expect, it } from 'vitest';
import { searchWeights } from './lorahub.ts';

/** Least at (0.8, −0.4). */
const bowl = async ([a, b]: readonly number[]): Promise<number> => 2 * (a - 0.8) ** 2 + (b + 0.4) ** 2 + 1;
const SEARCH = { seed: 1, evaluations: 120 };

describe('a search of weights', () => {
  it('finds those of the least loss, and beats all alike', async () => {
    const { weights, loss, none, alike } = await searchWeights(2, bowl, SEARCH);
    // The penalty draws them a little to zero.
    expect(Math.abs(weights[0] - 0.8)).toBeLessThan(0.05);
    expect(Math.abs(weights[1] + 0.4)).toBeLessThan(0.05);
    expect(loss).toBeLessThan(alike - 0.5);
    expect([none, alike]).toEqual([await bowl([0, 0]), await bowl([0.5, 0.5])]);
  });

  it('is the same for a seed, asks no more than it may, and stays within bounds', async () => {
    const asked: (readonly number[])[] = [];
    const far = async (weights: readonly number[]): Promise<number> => {
      asked.push(weights);
      return (weights[0] - 9) ** 2;
    };
    const first = await searchWeights(1, far, SEARCH);
    expect(asked).toHaveLength(120);
    expect(asked.flat().every((weight) => Math.abs(weight) <= 1.5)).toBe(true);
    expect(first.weights).toEqual([1.5]);
    expect(await searchWeights(2, bowl, SEARCH)).toEqual(await searchWeights(2, bowl, SEARCH));
    expect((await searchWeights(2, bowl, { ...SEARCH, seed: 2 })).weights).not.toEqual(
      (await searchWeights(2, bowl, SEARCH)).weights,
    );
  });

  it('leaves out what does not help', async () => {
    const { weights, loss, none } = await searchWeights(3, async () => 1, SEARCH);
    expect(weights).toEqual([0, 0, 0]);
    expect(loss).toBe(none);
  });
});
