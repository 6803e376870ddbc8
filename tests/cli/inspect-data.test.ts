/** `delta inspect DATA`: what a table is said to be, in each format. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta } from '../support/cli.ts';
import { encodeLegacy } from '../support/many-languages.ts';
import { sharedFolder } from '../support/shared.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-inspect-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspect = async (name: string, content: string | Uint8Array, flags: readonly string[] = []) => {
  writeFileSync(path.join(folder, name), content);
  return delta(['inspect', name, '--json', ...flags], folder);
};
const pairs = (count: number) =>
  Array.from({ length: count }, (_, i) => [`the walk number ${i}`, i % 2 === 0 ? 'calm' : 'wild']);

describe('inspect of a data file', () => {
  it('says which labels differ in case or spacing only, and lists two hundred classes at most', async () => {
    const rows = (labels: readonly string[]) =>
      `text,label\n${labels.map((label, i) => `the walk number ${i},${label}\n`).join('')}`;
    const { stdout } = await inspect('case.csv', rows(['calm', 'Calm', 'wild', 'calm', 'Calm', 'wild']));
    const { notes } = JSON.parse(stdout) as { notes: string[] };
    expect(notes.join()).toMatch(/"calm" – "Calm"|"Calm" – "calm"/);
    writeFileSync(path.join(folder, 'many.csv'), rows(Array.from({ length: 600 }, (_, i) => `x${i % 300}`)));
    const many = await delta(['inspect', 'many.csv', '--label', 'label'], folder);
    expect(many.stdout).toContain('… and 100 more');
  });

  it.each([
    ['a.csv', 'csv', ',', pairs(8).reduce((text, row) => `${text}${row.join(',')}\n`, 'text,label\n')],
    ['a.tsv', 'tsv', '\t', pairs(8).reduce((text, row) => `${text}${row.join('\t')}\n`, 'text\tlabel\n')],
    [
      'a.jsonl',
      'jsonl',
      null,
      pairs(8)
        .map(([text, label]) => JSON.stringify({ text, label }))
        .join('\n'),
    ],
  ])('tells how %s reads', async (name, format, separator, content) => {
    const { status, stdout } = await inspect(name, content);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      kind: 'data',
      format,
      encoding: 'utf-8',
      separator,
      header: true,
      rows: 8,
      missing: 0,
      columns: ['text', 'label'],
      guessed: { text: ['text'], label: 'label' },
      classes: [
        { label: 'calm', rows: 4 },
        { label: 'wild', rows: 4 },
      ],
      notes: [],
      findings: [
        {
          code: 'baseline',
          message:
            'always answering "calm" scores 50 % accuracy: a method has learned something where it scores more.',
        },
      ],
      first: { text: ['the walk number 0'], label: 'calm' },
    });
  });

  it('counts rows with missing values, and takes the columns that are named', async () => {
    const content =
      'a,b,stance\none walk,more,for\none rain,less,\none sea,more,None\none hill,less,against\n';
    const { stdout } = await inspect('b.csv', content, ['--text', 'a', '--text', 'b', '--label', 'stance']);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: 4,
      missing: 2,
      guessed: { text: ['a', 'b'], label: 'stance' },
      classes: [
        { label: 'against', rows: 1 },
        { label: 'for', rows: 1 },
      ],
    });
  });

  it('asks for what cannot be told, in one line', async () => {
    const unclear = await inspect('c.csv', 'good morning,bonjour\nthank you,merci\n');
    expect([unclear.status, unclear.stdout]).toEqual([1, '']);
    expect(unclear.stderr).toMatch(/^delta: c\.csv, line 1: it cannot be told whether .* set data\.header/);
    const told = await inspect('c.csv', 'good morning,bonjour\nthank you,merci\n', ['--header', 'false']);
    expect(told.stderr).toMatch(/it cannot be told which column holds the label/);
  });

  it('reads an encoding that is named, and names the likeliest where none is', async () => {
    const csv = 'text,label\nТеплый чай,1\nХолодный суп,0\nЯсный день,1\n';
    const bytes = encodeLegacy(csv, 'x-mac-cyrillic');
    const asked = await inspect('e.csv', bytes);
    expect([asked.status, asked.stdout]).toEqual([1, '']);
    expect(asked.stderr).toMatch(/cannot be told in which encoding .* in x-mac-cyrillic/);
    const { stdout } = await inspect('e.csv', bytes, ['--encoding', 'x-mac-cyrillic']);
    expect(JSON.parse(stdout)).toMatchObject({
      encoding: 'x-mac-cyrillic',
      first: { text: ['Теплый чай'], label: '1' },
    });
  });

  it('speaks to people without --json', async () => {
    writeFileSync(path.join(folder, 'd.csv'), 'text;label\na walk;1\nrain;0\nsun;1\n');
    const { stdout } = await delta(['inspect', 'd.csv'], folder);
    expect(stdout).toContain('d.csv: csv, utf-8, separated by the semicolon, with named columns\n3 rows\n');
    expect(stdout).toContain('first row: a walk -> 1');
  });
});

const cases = path.join(sharedFolder, 'cases/data');
const present = (() => {
  try {
    return readFileSync(path.join(cases, 'separators/pipe.csv')).length > 0;
  } catch {
    return false;
  }
})();

describe.skipIf(!present)('the shared cases of tables', () => {
  it.each([
    ['spam-trailing-columns/excel-trailing.csv', { columns: ['label', 'text'], rows: 24, header: true }],
    ['spam-trailing-columns/trailing-one.csv', { columns: ['text', 'label'], rows: 24, header: true }],
    ['separators/pipe.csv', { separator: '|', rows: 24 }],
    ['separators/semicolon-comma-header.csv', { separator: ';', columns: ['text, as written', 'label'] }],
    ['separators/semicolon-noheader.csv', { separator: ';', header: false, columns: ['0', '1'] }],
    ['separators/sep-line.csv', { separator: ';', columns: ['text', 'label'], rows: 24 }],
    ['tsv-quoted/pandas-allquoted.tsv', { columns: ['text', 'label'], rows: 24 }],
    ['tsv-quoted/pandas-dq.tsv', { rows: 25, first: { text: ['He said "hi" to me'], label: 'good' } }],
    ['tsv-quoted/pandas-nl.tsv', { rows: 25 }],
    ['legacy-encodings/cp1251.csv', { encoding: 'windows-1251', rows: 24, missing: 0 }],
    ['legacy-encodings/sjis.csv', { encoding: 'shift_jis', rows: 24, missing: 0 }],
    ['parquet-nan-label/nan-float.parquet', { rows: 24, missing: 1, encoding: null }],
    ['snli-no-gold/snli-dash.tsv', { rows: 24, missing: 6 }],
    ['snli-no-gold/snli.jsonl', { rows: 24, missing: 6 }],
  ])('%s', async (file, expected) => {
    const { status, stdout, stderr } = await delta(['inspect', path.join(cases, file), '--json'], folder);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as { classes: { label: string }[] };
    expect(found).toMatchObject(expected);
    expect(found.classes.map(({ label }) => label)).toEqual(
      file.startsWith('snli')
        ? file.endsWith('.tsv')
          ? ['contradiction', 'entailment', 'neutral']
          : ['0', '1', '2']
        : file.startsWith('parquet')
          ? ['0', '1']
          : ['bad', 'good'],
    );
  });
});
