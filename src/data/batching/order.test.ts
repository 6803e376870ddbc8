import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PhiloxStream } from '../../graph/philox.ts';
import { BatchOrder, permutation } from './order.ts';

describe('permutation', () => {
  it('holds every row once and differs between seeds', () => {
    const order = permutation(100, new PhiloxStream(1, 2));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...permutation(100, new PhiloxStream(2, 2))]).not.toEqual([...order]);
  });

  it('puts each row everywhere about equally often', () => {
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (let seed = 0; seed < 4000; seed++)
      permutation(4, new PhiloxStream(seed, 9)).forEach((row, place) => counts[row][place]++);
    // 1,000 expected, deviation √(4000·¼·¾) = 27; five deviations.
    for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(137);
  });
});

describe('BatchOrder', () => {
  it('cuts in file order, keeps the last partial batch and starts the file again', () => {
    const order = new BatchOrder({ rows: 5, batchSize: 2, shuffle: false, seed: 1 });
    expect([0, 1, 2, 3].map((i) => order.rows(i))).toEqual([[0, 1], [2, 3], [4], [0, 1]]);
    expect(order.batchesPerEpoch).toBe(3);
  });

  it('sees every row once an epoch, in another order each', () => {
    const options = fc.record({
      rows: fc.integer({ min: 1, max: 50 }),
      batchSize: fc.integer({ min: 1, max: 60 }),
      seed: fc.nat(),
      shuffle: fc.boolean(),
    });
    fc.assert(
      fc.property(options, fc.nat(3), (given, epoch) => {
        const order = new BatchOrder(given);
        const seen: number[] = [];
        for (let i = 0; i < order.batchesPerEpoch; i++)
          seen.push(...order.rows(epoch * order.batchesPerEpoch + i));
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: given.rows }, (_, r) => r));
      }),
    );
    const order = new BatchOrder({ rows: 30, batchSize: 30, shuffle: true, seed: 3 });
    expect(order.rows(0)).not.toEqual(order.rows(1));
  });

  it('gives a batch the same rows whatever was asked before', () => {
    const options = { rows: 37, batchSize: 8, shuffle: true, seed: 5 };
    const walked = new BatchOrder(options);
    const all = Array.from({ length: 20 }, (_, i) => walked.rows(i));
    for (const i of [13, 2, 19, 0]) expect(new BatchOrder(options).rows(i)).toEqual(all[i]);
    expect(walked.rows(4)).toEqual(all[4]);
  });
});
