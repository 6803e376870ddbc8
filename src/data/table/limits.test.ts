/** Very many rows, each of a few bytes: what they cost is bounded, whichever reader gets them. */
import { describe, expect, it } from 'vitest';
import { inspectTable } from '../inspect-table.ts';
import { mostRows } from './limits.ts';
import { readTable } from './read-table.ts';
import { processorSeconds } from '../../../tests/support/processor-time.ts';

const SIZE = 10_000_000;

/** Rows of a form, up to a size. */
function filled(head: string, row: (i: number) => string, size = SIZE): string {
  const rows = [head];
  for (let [i, length] = [0, head.length]; length < size; i++) {
    rows.push(row(i));
    length += rows[i + 1].length;
  }
  return rows.join('');
}

describe('a file of 10 MB', () => {
  it.each([
    ['a.csv', filled('text,label\n', (i) => `${i % 10},${i % 2}\n`)],
    ['a.tsv', filled('text\tlabel\n', (i) => `${i % 10}\t${i % 2}\n`)],
    ['a.jsonl', '{}\n'.repeat(SIZE / 3)],
  ])('of too many rows is refused in time: %s', (name, text) => {
    expect(
      processorSeconds(() =>
        expect(() => readTable(text, name)).toThrow(
          /^a\.\w+: more than 1,100,\d{3} rows, which is the most|^a\.\w+: more than 1,099,\d{3} rows, which/,
        ),
      ),
    ).toBeLessThan(2);
  });

  it.each([
    ['a.csv', filled('text,label\n', (i) => `${i.toString(36).padStart(8, '0')},${i % 2}\n`)],
    ['a.jsonl', filled('', (i) => `{"t":${i % 10},"label":${i % 2}}\n`)],
  ])('of as many as there may be is read and looked at in time: %s', (name, text) => {
    const used = processorSeconds(() => {
      const table = readTable(text, name, { header: true });
      const found = inspectTable(table, { text: [table.columns[0]], label: 'label' });
      expect(found.classes.map(({ label }) => label)).toEqual(['0', '1']);
      expect(found.rows).toBe(table.rows);
    });
    // Two seconds of a core that does nothing else: coverage and other tests take their share.
    expect(used).toBeLessThan(4);
  });
});

describe('rows', () => {
  it('are a million of any file, more of a larger one, and five million at most', () => {
    expect(mostRows(0)).toBe(1_000_000);
    expect(mostRows(240_000_000)).toBe(3_400_000);
    expect(mostRows(1e12)).toBe(5_000_000);
  });
});
