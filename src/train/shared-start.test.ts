import { describe, expect, it } from 'vitest';
import type { EncodedDataset } from '../data/batching/encoded.ts';
import { SharedStart } from './shared-start.ts';

const data = { rows: 3 } as EncodedDataset;
const found = { metrics: { accuracy: 0.5 }, logits: Float64Array.of(1, 2, 3, 4, 5, 6) };

describe('what methods say before their first step', () => {
  it('is taken over where the first rows came out alike, in whatever order', () => {
    const start = new SharedStart();
    expect(start.find(data, [0], [1, 2])).toBeNull();
    start.add(data, found);
    expect(start.find(data, [2, 0], [5, 6.000001, 1, 2])).toBe(found);
  });

  it('is not taken over from another set, nor where a row differs or is no number', () => {
    const start = new SharedStart();
    start.add(data, found);
    expect(start.find({ rows: 3 } as EncodedDataset, [0], [1, 2])).toBeNull();
    expect(start.find(data, [0, 1], [1, 2, 3, 4.001])).toBeNull();
    expect(start.find(data, [0], [NaN, 2])).toBeNull();
  });
});
