import { describe, expect, it } from 'vitest';
import { sampleRows } from './sample-rows.ts';
import type { EncodedDataset } from './encoded.ts';

/** Row r has r % 3 + 1 tokens, all of them r. */
function dataset(rows: number): EncodedDataset {
  const lengths = Array.from({ length: rows }, (_, r) => (r % 3) + 1);
  const offsets = Int32Array.from([
    0,
    ...lengths.map((_, r) => lengths.slice(0, r + 1).reduce((a, b) => a + b)),
  ]);
  const ids = Int32Array.from(lengths.flatMap((length, r) => Array<number>(length).fill(r)));
  const of = (r: number): string => `text ${r}`;
  return {
    dataset: {
      name: 'rows',
      split: 'train',
      task: 'classification',
      rows,
      texts: lengths.map((_, r) => of(r)),
      pairs: null,
      targets: null,
      references: null,
      labels: Int32Array.from(lengths, (_, r) => r % 2),
      labelSpace: null,
      lines: lengths.map((_, r) => r + 2),
      notes: [],
    },
    rows,
    ids,
    typeIds: Uint8Array.from(ids, (id) => id % 2),
    offsets,
    labels: Int32Array.from(lengths, (_, r) => r % 2),
    targets: null,
    maxLength: 8,
    truncated: 0,
    unknown: 0,
    leftOut: null,
    longest: 3,
    padId: 0,
  };
}

describe('rows drawn from a set', () => {
  it('are all of a small one', () => {
    const data = dataset(9);
    expect(sampleRows(data, 9, 1)).toBe(data);
  });
  it('keep their tokens, labels and lines, in order, and hang on the seed alone', () => {
    const data = dataset(50);
    const drawn = sampleRows(data, 10, 1);
    const rows = drawn.dataset.lines.map((line) => line - 2);
    expect(rows).toHaveLength(10);
    expect([...rows].sort((a, b) => a - b)).toEqual(rows);
    expect(new Set(rows).size).toBe(10);
    rows.forEach((row, i) => {
      const [from, end] = [drawn.offsets[i], drawn.offsets[i + 1]];
      expect([...drawn.ids.subarray(from, end)]).toEqual(Array<number>((row % 3) + 1).fill(row));
      expect(drawn.typeIds[from]).toBe(row % 2);
      expect(drawn.labels[i]).toBe(row % 2);
      expect(drawn.dataset.labels[i]).toBe(row % 2);
      expect(drawn.dataset.texts[i]).toBe(`text ${row}`);
    });
    expect(sampleRows(data, 10, 1)).toEqual(drawn);
    expect(sampleRows(data, 10, 2).dataset.lines).not.toEqual(drawn.dataset.lines);
  });
});
