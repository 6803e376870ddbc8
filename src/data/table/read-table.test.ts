import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../errors.ts';
import { english } from '../../sentence.ts';
import { readTable, type ReadOptions } from './read-table.ts';

function refused(content: string, name: string, options?: ReadOptions): string {
  try {
    readTable(content, name, options);
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    expect((error as StudioError).code).toBe('data');
    return (error as StudioError).message;
  }
  throw new Error('was not refused');
}
const all = (content: string, name: string, options?: ReadOptions) => {
  const table = readTable(content, name, options);
  return table.columns.map((column) => [column, ...table.column(column)]);
};

describe('CSV', () => {
  it('holds separators, doubled quotes and line ends inside quotes, and knows the lines of its rows', () => {
    const table = readTable('text,label\n"a, ""b""\nc",1\n\nd,0\n', 'a.csv');
    expect(table.column('text')).toEqual(['a, "b"\nc', 'd']);
    expect([table.lineOf(0), table.lineOf(1)]).toEqual([2, 5]);
  });

  it('takes a quote inside an unquoted field as it stands', () => {
    expect(all('text,label\na 5" pipe,1\n', 'a.csv')).toEqual([
      ['text', 'a 5" pipe'],
      ['label', '1'],
    ]);
  });

  it('names the line of a quote that is never closed, or closed too soon', () => {
    expect(refused('text,label\na,1\n"b,0\nc,1\n', 'a.csv')).toBe(
      'a.csv, line 3: a quoted field opens here and is never closed; close it, or double the quotes inside it ("").',
    );
    expect(refused('text,label\na,1\nb,0\n"Great" film,1\n', 'a.csv')).toMatch(
      /^a\.csv, line 4: a quoted field goes on after its closing quote; double the quotes/,
    );
  });

  it('reads semicolons where the first line has no comma', () => {
    expect(all('text;label\na, b;1\n', 'a.csv')).toEqual([
      ['text', 'a, b'],
      ['label', '1'],
    ]);
  });

  it('reads back whatever papaparse writes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ';', ' ', '房') });
    // A row of nothing but empty cells is a blank line.
    const row = fc.tuple(cell, cell).filter((cells) => cells.some((one) => one !== ''));
    const rows = fc.array(row, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, (data) => {
        const text = Papa.unparse([['text', 'label'], ...data], { newline: '\n', quotes: true });
        const table = readTable(text, 'a.csv', { header: true });
        expect(table.rows).toBe(data.length);
        expect(table.column('text')).toEqual(data.map(([first]) => first));
        const lines = text.split('\n');
        for (let row = 0; row < table.rows; row++)
          expect(lines[table.lineOf(row) - 1].startsWith('"')).toBe(true);
      }),
    );
  });
});

describe('TSV', () => {
  it('keeps quotes, and never lets one span lines', () => {
    expect(all('text\tlabel\n"a\t1\nb"" c\t0\n', 'a.tsv')).toEqual([
      ['text', '"a', 'b"" c'],
      ['label', '1', '0'],
    ]);
  });

  it('takes single quotes off where they stand around every text', () => {
    expect(all("text\tlabel\n'a film'\t'pos'\n'it''s'\t'neg'\n", 'a.tsv')).toEqual([
      ['text', 'a film', "it's"],
      ['label', 'pos', 'neg'],
    ]);
    // One quoted text among others is what somebody wrote.
    expect(all("text\tlabel\n'a film'\tpos\nit's\tneg\n'quoted'\tneg\n", 'a.tsv')).toEqual([
      ['text', "'a film'", "it's", "'quoted'"],
      ['label', 'pos', 'neg', 'neg'],
    ]);
  });

  it('passes over blank lines without losing count', () => {
    const table = readTable('text\tlabel\n\na\t1\n\n\nb\t0', 'a.tsv');
    expect([table.rows, table.lineOf(0), table.lineOf(1)]).toEqual([2, 3, 6]);
  });

  it('refuses ragged rows, with the first line and how many', () => {
    expect(refused('text\tlabel\na\t1\nb\nc\t1\td\ne\t0\n', 'a.tsv')).toBe(
      'a.tsv, line 3: 1 column where line 1 has 2; give every line the same number of columns ' +
        '(and 1 more row cannot be used: line 4).',
    );
  });
});

describe('JSON Lines', () => {
  it('makes columns of keys, whenever they appear', () => {
    const table = readTable(
      '{"text":"a","label":1}\n\n{"text":"b","more":["c","d"],"x":{"y":true}}\n',
      'a.jsonl',
    );
    expect(table.columns).toEqual(['text', 'label', 'more', 'x.y']);
    expect([0, 1].map((row) => table.columns.map((column) => table.get(row, column)))).toEqual([
      ['a', '1', '', ''],
      ['b', '', 'c d', 'true'],
    ]);
    expect(table.lineOf(1)).toBe(3);
  });

  it('names the line of what is not an object', () => {
    expect(refused('{"a":1}\n{"a":\n', 'a.jsonl')).toMatch(/^a\.jsonl, line 2: not valid JSON, beginning/);
    expect(refused('{"a":1}\n[1]\n', 'a.jsonl')).toMatch(/^a\.jsonl, line 2: a JSON array where an object/);
    expect(refused('{"a":Infinity}\n', 'a.jsonl')).toMatch(/^a\.jsonl, line 1: Infinity is not JSON/);
  });
});

describe('formats', () => {
  it('are told by content where the name says nothing', () => {
    expect(readTable('text\tlabel\nc\td\n', 'data').format).toBe('tsv');
    expect(readTable('{"a":1}\n', 'data.json').format).toBe('jsonl');
    expect(readTable('a,b\n1,2\n', 'data.txt').format).toBe('csv');
  });

  it('include lines that open with their label', () => {
    expect(all('LOC:city Where is it , exactly ?\nNUM:count How many\n', 'q.txt')).toEqual([
      ['label', 'LOC', 'NUM'],
      ['fine', 'LOC:city', 'NUM:count'],
      ['text', 'Where is it , exactly ?', 'How many'],
    ]);
  });

  it('that cannot be told are refused with what to do', () => {
    expect(refused('just words\nand more\n', 'notes.txt')).toContain('name it .csv, .tsv or .jsonl');
    expect(refused('words', 'a.json')).toContain('neither an array nor an object');
  });
});

describe('headers', () => {
  it('are told from data', () => {
    expect(readTable('text\tlabel\nfine .\t1\n', 'a.tsv').header).toBe(true);
    expect(readTable(',text,label\n0,fine,1\n', 'a.csv').columns).toEqual(['0', 'text', 'label']);
    expect(readTable('ab1\t1\t\tIt rained.\nab1\t0\t*\tRained it.\n', 'a.tsv').header).toBe(false);
    expect(readTable('a room\tpositive\nb room\tnegative\nc room\tpositive\n', 'a.tsv').header).toBe(false);
  });

  it('are proved by a column that is asked for', () => {
    expect(refused('bonjour\thello\nmerci\tthanks\n', 'a.tsv')).toBe(
      'a.tsv, line 1: it cannot be told whether "bonjour", "hello" name the columns or are a row of data; ' +
        'set data.header to true or false.',
    );
    const asked = readTable('bonjour\thello\nmerci\tthanks\n', 'a.tsv', { columns: ['hello'] });
    expect(asked.header).toBe(true);
    const numbered = readTable('bonjour\thello\nmerci\tthanks\n', 'a.tsv', { columns: ['0', 1] });
    expect(numbered.header).toBe(false);
  });

  it('that are missing leave columns addressed by index, and a note', () => {
    const table = readTable('It rained.\t1\nRained it.\t0\n', 'a.tsv');
    expect(table.get(1, '0')).toBe('Rained it.');
    expect(table.get(1, 1)).toBe('0');
    expect(table.notes.map(english)).toEqual(['The first line was taken as data: the file has no header.']);
  });

  it('give way to indices for columns that no name fits', () => {
    const table = readTable('text\tlabel\na\t1\n', 'a.tsv');
    expect(table.column('1')).toEqual(['1']);
  });

  it('alone are no table', () => {
    expect(refused('text\tlabel\n', 'a.tsv')).toBe(
      'a.tsv: the file has a header but no rows; add at least one row below it.',
    );
    expect(refused('\n \n', 'a.tsv')).toBe('a.tsv: the file has no rows; choose a file with rows.');
  });

  it('are listed when a column is not among them', () => {
    const table = readTable('text\tlabel\na\t1\n', 'a.tsv');
    expect(() => table.column('sentence')).toThrow(
      'a.tsv: there is no column "sentence"; it has "text", "label": name one of these.',
    );
    expect(() => readTable('a b.\t1\nc d.\t1\n', 'b.tsv').column('text')).toThrow(
      'b.tsv: there is no column "text"; it has no header, and columns 0 to 1: name one of these.',
    );
  });
});

describe('files that are no table', () => {
  it.each([
    ['photo.csv', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], /this is a PNG image/],
    ['sheet.csv', [0x50, 0x4b, 0x03, 0x04, 0x14, 0x00], /this is an Excel workbook or a zip archive; save/],
    ['data.tsv', [0x1f, 0x8b, 0x08], /this is gzip-compressed; unpack it first/],
  ] as const)('%s are refused by what they are', (name, bytes, message) => {
    expect(() => readTable(Uint8Array.from(bytes), name)).toThrow(message);
  });

  it('nor are those of too many columns', () => {
    const wide = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',');
    expect(refused(`${wide}\n${wide}\n`, 'wide.csv')).toBe(
      'wide.csv, line 1: 100,000 columns, and at most 1,000 are read; keep the columns of text and label.',
    );
  });
});
