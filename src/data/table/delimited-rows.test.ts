/** Rows of delimited texts: papaparse agrees on every text that is well formed, and the time is linear on all. */
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { RowScanner, type DelimitedRow } from './delimited-rows.ts';
import { processorSeconds } from '../../../tests/support/processor-time.ts';

function rowsOf(text: string, separator = ','): DelimitedRow[] {
  const scanner = new RowScanner(text, separator);
  const rows: DelimitedRow[] = [];
  while (!scanner.done) rows.push(scanner.row());
  return rows;
}

const cellsOf = (text: string) => rowsOf(text).map(({ cells }) => cells);

describe('delimited rows', () => {
  it('are those of papaparse where it finds no fault', () => {
    const sign = fc.constantFrom('a', 'é', '"', '""', '","', ',', '\n', '"\n', ' ', '房');
    let alike = 0;
    fc.assert(
      fc.property(fc.array(sign, { minLength: 1, maxLength: 30 }), (signs) => {
        const text = signs.join('');
        const theirs = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' });
        if (theirs.errors.length > 0) return;
        alike++;
        // A last line end closes a row here and opens an empty one there.
        const data = text.endsWith('\n') ? theirs.data.slice(0, -1) : theirs.data;
        expect(cellsOf(text)).toEqual(data);
      }),
      { numRuns: 2000 },
    );
    expect(alike).toBeGreaterThan(200);
  });

  it('take quotes off, and go over separators, line ends and doubled quotes inside', () => {
    expect(cellsOf('"a, ""b""\nc",1\n"",x"y\n"z" ,2')).toEqual([
      ['a, "b"\nc', '1'],
      ['', 'x"y'],
      ['z', '2'],
    ]);
    expect(cellsOf('a,\nb,')).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
    expect(rowsOf('"a\nb",1\nc,2').map(({ line }) => line)).toEqual([1, 3]);
  });

  it('say which quote is wrong', () => {
    expect(rowsOf('a\n"b ""c"",1\nd')[1].problem).toEqual({ kind: 'unclosed', at: 3 });
    expect(rowsOf('a\n"b" c",1\nd')[1].problem).toEqual({ kind: 'goesOn', at: 3 });
    expect(rowsOf('"a",1\n')[0].problem).toBeNull();
  });

  it.each([
    ['quotes that go on, before a long blank stretch', `a,b\n"${'x"y'.repeat(1e6)}${' '.repeat(2e6)},1\n`],
    ['quoted cells on a single line', '"x",'.repeat(5e5)],
    ['quoted cells without a separator', 'a,b\n'.repeat(600) + '"x"\n'.repeat(3e5)],
    ['blanks between quotes', `"${'" '.repeat(2e6)}`],
  ])('take linear time: %s', (_, text) => {
    expect(processorSeconds(() => rowsOf(text))).toBeLessThan(2);
  });
});
