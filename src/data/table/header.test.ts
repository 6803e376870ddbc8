import { describe, expect, it } from 'vitest';
import { english } from '../../sentence.ts';
import { judgeHeader } from './header.ts';
import { readTable } from './read-table.ts';

/** Rows of two kinds in turn, under a first line. */
const rows = (first: string, kinds: readonly string[], count: number): string =>
  [first, ...Array.from({ length: count }, (_, i) => kinds[i % kinds.length])].join('\n');

describe('a first row is a header', () => {
  const tables: [what: string, content: string, columns: string[]][] = [
    [
      'with empty cells at its end',
      rows('kind,said,,,', ['ham,"Well, see you at eight then",,,', 'spam,"WIN a prize, call now",,,'], 24),
      ['kind', 'said'],
    ],
    [
      'with rows that leave those cells out',
      rows('words,kind,', ['the tea was warm,good', 'the soup was cold,bad'], 8),
      ['words', 'kind'],
    ],
    [
      'with a name twice',
      rows('Frage,Frage,Klasse', ['Was schwimmt dort,Wer sah es,Tier', 'Wo liegt es,Wer war da,Ort'], 8),
      ['Frage', 'Frage.1', 'Klasse'],
    ],
    [
      'with long questions as names',
      rows(
        'What did you like most about your stay with us in the mountains?,Would you come again?',
        ['The bread in the morning and the quiet evenings,yes', 'Nothing much because it rained,no'],
        10,
      ),
      ['What did you like most about your stay with us in the mountains?', 'Would you come again?'],
    ],
    [
      'whose label is none of the labels below, whatever it is called',
      rows('the words that people wrote,one of two', ['a walk by the sea,calm', 'thunder at night,wild'], 12),
      ['the words that people wrote', 'one of two'],
    ],
    ['of plain numbers over texts', '0,1\nthe tea was warm,good\nthe soup was cold,bad\n', ['0', '1']],
    ['over dates', rows('day,words', ['2024-01-02,warm tea', '2024-01-03,cold soup'], 6), ['day', 'words']],
  ];
  it.each(tables)('%s', (_, content, columns) => {
    const table = readTable(content, 'a.csv');
    expect(table.header).toBe(true);
    expect(table.columns).toEqual(columns);
  });
});

describe('a first row is data', () => {
  const tables: [what: string, content: string][] = [
    ['with a label of others', rows('', ['the tea was warm,good', 'the soup was cold,bad'], 6).slice(1)],
    ['with a number among numbers', 'the tea was warm,4\nthe soup was cold,1\n'],
    ['with texts like those below', rows('', ['Fine tea.,1', 'No soup!,0', 'Fine bread.,1'], 9).slice(1)],
  ];
  it.each(tables)('%s', (_, content) => {
    expect(readTable(content, 'a.csv').header).toBe(false);
  });
});

describe('a first row that may be either', () => {
  const pairs = [
    ['good morning', 'good night', 'thank you'],
    ['bonjour', 'bonne nuit', 'merci'],
  ];
  it('is not judged', () => {
    expect(judgeHeader(pairs)).toBe('unclear');
  });
  it('is what the person says it is', () => {
    const content = 'good morning\tbonjour\ngood night\tbonne nuit\nthank you\tmerci\n';
    expect(() => readTable(content, 'a.tsv')).toThrow(
      /cannot be told whether "good morning", "bonjour" name/,
    );
    expect(readTable(content, 'a.tsv', { header: true }).rows).toBe(2);
    expect(readTable(content, 'a.tsv', { header: false }).rows).toBe(3);
  });
});

describe('files put one after the other', () => {
  const file = 'text,label\na fine day,good\na bad day,bad\n';
  it('have their names once', () => {
    const table = readTable(`\ufeff${file}\ufeff${file}${file}`, 'a.csv');
    expect([table.header, table.rows, table.columns]).toEqual([true, 6, ['text', 'label']]);
    expect(table.column('label')).toEqual(['good', 'bad', 'good', 'bad', 'good', 'bad']);
    expect(table.lineOf(2)).toBe(5);
    expect(table.notes.map(english)).toEqual([
      'The first line names the columns, and lines that say the same were left out: 2, the first of them line 4.',
    ]);
    expect(readTable(`${file}${file}`, 'a.csv', { header: true }).rows).toBe(4);
    expect(readTable(`${file}${file}`, 'a.csv', { header: false }).rows).toBe(6);
  });
  it('keep rows that only say the same twice', () => {
    const table = readTable('a fine day,good\na bad day,bad\na fine day,good\nso so,bad\n', 'a.csv');
    expect([table.header, table.rows]).toEqual([false, 4]);
  });
});

it('a column that is named twice is not guessed', async () => {
  const { guessColumns } = await import('../guess-columns.ts');
  const table = readTable(
    rows('text,text,label', ['warm tea here,aa,1', 'cold soup there,bb,0'], 8),
    'a.csv',
  );
  expect(() => guessColumns(table)).toThrow(/which column holds the text; .* one of "text", "text\.1"/);
});
