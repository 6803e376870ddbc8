/** What is read of files that are too large for a page; without making such files. */
import { english } from '../sentence.ts';
import { describe, expect, it } from 'vitest';
import { MAX_BYTES, wholeRows } from '../data/table/head-of-file.ts';
import { modelSource, readTables } from './sources.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const cut = (text: string, quoted: boolean): string =>
  new TextDecoder().decode(wholeRows(bytes(text), quoted));

/** A file that says it is larger than it is: its slices are what it holds. */
function large(name: string, text: string): File {
  const file = new File([text], name);
  Object.defineProperty(file, 'size', { value: 3 * MAX_BYTES });
  return file;
}

const read = (file: File) =>
  readTables({ kind: 'files', train: file, validation: null }, 'http://localhost/');

it('takes a data set of a hub by its reference, which then names its table', async () => {
  const { train } = await read(new File(['text\tlabel\nfine\t1\n'], 'rows.tsv'));
  const source = { kind: 'hub', reference: 'hub:lab/texts/small:dev', endpoint: 'http://hub' } as const;
  const asked: unknown[] = [];
  const tables = await readTables(source, 'http://localhost/', { missing: 'drop' }, async (from, reading) => {
    asked.push(from, reading);
    return train;
  });
  expect(asked).toEqual([source, { missing: 'drop' }]);
  expect(tables).toMatchObject({ name: 'texts', validation: null, test: null });
  expect([tables.train.name, tables.train.rows]).toEqual(['hub:lab/texts/small:dev', 1]);
});

describe('a file of 200 MB', () => {
  it('is cut where a row ends, not within quotes', () => {
    expect(cut('a,b\n1,2\n3,', true)).toBe('a,b\n1,2\n');
    expect(cut('a,b\n"x\ny",2\n"open\n', true)).toBe('a,b\n"x\ny",2\n');
    expect(cut('a\tb\n"x\ny', false)).toBe('a\tb\n"x\n');
  });

  it('is read as far as a page reads, and says so', async () => {
    const { train } = await read(large('big.csv', 'text,label\n"fine, so",1\n"dull\none",0\n"cut o'));
    expect(train.rows).toBe(2);
    expect(train.column(0)).toEqual(['fine, so', 'dull\none']);
    expect(train.notes.map(english).join(' ')).toMatch(
      /The file has 201 MB: its first 0 MB are read, 2 rows, and the rest/,
    );
  });

  it('is refused in a sentence where no row ends, and as Parquet, whose end is needed', async () => {
    await expect(read(large('one.csv', '"no end'))).rejects.toThrow(
      /one\.csv has 201 MB.*cut it into smaller/,
    );
    await expect(read(large('big.parquet', 'PAR1'))).rejects.toThrow(/big\.parquet has 201 MB/);
  });
});

it('takes a built-in model by a name, not by a way out of its folder', () => {
  const of = (name: string) => () => modelSource({ kind: 'builtin', name }, 'http://localhost/studio/');
  expect(of('bert-l4-h128')().name).toBe('builtin:bert-l4-h128');
  for (const name of ['', '..', '../x', 'a/b', '//evil', 'x?y', 'http:', '.x'])
    expect(of(name), name).toThrow('There is no built-in model of this name');
});
