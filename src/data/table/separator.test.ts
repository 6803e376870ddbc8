import { describe, expect, it } from 'vitest';
import { StudioError } from '../../errors.ts';
import { english } from '../../sentence.ts';
import { readTable } from './read-table.ts';

const WORDS = ['warm tea, and bread', 'cold soup', 'a quiet walk; then rain', 'thunder'];
const LABELS = ['good', 'bad', 'good', 'bad'];

/** Rows with a separator, quoted where needed. */
function written(separator: string, header: readonly string[] | null): string {
  const cell = (text: string) => (text.includes(separator) ? `"${text}"` : text);
  const rows = WORDS.map((text, i) => [text, LABELS[i]]);
  return [...(header ? [header] : []), ...rows].map((row) => row.map(cell).join(separator) + '\n').join('');
}

function refusal(content: string, name: string): string {
  try {
    readTable(content, name);
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

describe('separators', () => {
  it.each([',', ';', '\t', '|'])('%j is told by the table it gives', (separator) => {
    for (const name of ['a.csv', 'a.txt', 'a']) {
      for (const header of [['text', 'label'], ['text, as written; by hand', 'label'], null]) {
        const table = readTable(written(separator, header), name);
        expect(table.separator).toBe(separator);
        expect(table.column(0)).toEqual(WORDS);
        expect(table.column(1)).toEqual(LABELS);
      }
    }
  });

  it.each(['sep=;', '"sep=;"', 'SEP=;'])('are said by a line %s', (line) => {
    const table = readTable(`${line}\n${written(';', ['text', 'label'])}`, 'a.csv');
    expect(table.column('text')).toEqual(WORDS);
    expect(table.lineOf(0)).toBe(3);
  });

  it('may be any character that such a line says', () => {
    expect(readTable('sep=^\ntext^label\na, b^1\nc; d^0\n', 'a.csv').column('text')).toEqual([
      'a, b',
      'c; d',
    ]);
  });

  it('are looked for where a name promises tabs and there are none', () => {
    const table = readTable(written(';', ['text', 'label']), 'a.tsv');
    expect(table.separator).toBe(';');
    expect(table.column('text')).toEqual(WORDS);
  });

  it('pass over blank rows and cells that a spreadsheet leaves behind', () => {
    expect(readTable('text,label,\nwarm tea,1,\ncold soup,0\n,,\n,,\n', 'a.csv').rows).toBe(2);
  });

  it('that give no table are named in the refusal', () => {
    expect(refusal('only words\nand more\n', 'a.csv')).toBe(
      'a.csv: comma, semicolon, tab and pipe were tried as separators and the first line is one column with each; ' +
        'choose a table with a text and a label column, or name its separator in a first line such as sep=;.',
    );
    expect(refusal('text,label\nwell, I said, no,1\nwhat, a, day,1\nfine,0\noh, no,0\n', 'a.csv')).toMatch(
      /^a\.csv: comma, semicolon, tab and pipe were tried .* with the comma the first line has 2 columns and 60% of the rows/,
    );
  });
});

describe('TSV', () => {
  const all = (content: string) => {
    const table = readTable(content, 'a.tsv');
    return {
      rows: [0, 1].map((row) => [table.get(row, 0), table.get(row, 1)]),
      notes: table.notes.map(english),
    };
  };
  const note = expect.stringContaining('quotes were taken off') as unknown;

  it.each([
    ['every cell is quoted', '"text"\t"label"\n"warm ""tea"""\t"good"\n"cold soup"\t"bad"\n'],
    ['all texts are, and numbers are not', 'text\tlabel\n"warm ""tea"""\t1\n"cold soup"\t0\n'],
    ['just the cells that need it are', 'text\tlabel\n"warm ""tea"""\tgood\ncold soup\tbad\n'],
  ])('is read as quoted where %s', (_, content) => {
    const { rows, notes } = all(content);
    expect(rows.map(([text]) => text)).toEqual(['warm "tea"', 'cold soup']);
    expect(notes).toEqual([note]);
  });

  it('goes over line ends in quotes only where it would else be no table', () => {
    const { rows } = all('text\tlabel\n"warm tea\nand bread"\tgood\ncold soup\tbad\n');
    expect(rows[0]).toEqual(['warm tea\nand bread', 'good']);
    const stray = readTable('text\tlabel\n"warm tea\tgood\ncold soup"\tbad\n', 'a.tsv');
    expect(stray.column('text')).toEqual(['"warm tea', 'cold soup"']);
  });

  it('keeps the quotes of its texts otherwise', () => {
    const { rows, notes } = all('text\tlabel\n"warm" tea\tgood\n"cold soup"\tbad\n');
    expect(rows.map(([text]) => text)).toEqual(['"warm" tea', '"cold soup"']);
    expect(notes).toEqual([]);
  });
});
