import { describe, expect, it } from 'vitest';
import { english } from '../sentence.ts';
import { buildDataset, type DatasetOptions } from './dataset.ts';
import { isMissingText, missingLabels } from './missing.ts';
import { StudioError } from '../errors.ts';
import { readTable } from './table/read-table.ts';

const missingIn = (values: readonly string[], options?: Parameters<typeof missingLabels>[1]): string[] =>
  values.filter(missingLabels(values, options));

describe('a missing label', () => {
  it('is nothing, or a word of data frames in any casing', () => {
    const words = ['', ' ', 'NaN', 'nan', 'NA', 'N/A', 'n/a', '#N/A', '<NA>', 'null', 'NULL', 'None', 'none'];
    expect(missingIn(['good', 'bad', ...words])).toEqual(words);
    expect(missingIn(['nano', 'banana', 'not null'])).toEqual([]);
    const others = ['-NaN', 'NaT', 'N.A.', '#NA', '(null)', '\\N', '#VALUE!', '#name?', '#DIV/0!', 'Ｎ／Ａ'];
    expect(missingIn(['good', 'bad', ...others])).toEqual(others);
  });

  it('is −1 where the others are 0..n−1 or names', () => {
    expect(missingIn(['0', '1', '2', '-1', '−1', '-1.0'])).toEqual(['-1', '−1', '-1.0']);
    expect(missingIn(['entailment', 'neutral', '-1'])).toEqual(['-1']);
    expect(missingIn(['1', '-1'])).toEqual([]);
    expect(missingIn(['-1', '0.5', '1'], { numbers: true })).toEqual([]);
    expect(missingIn(['2', '4', '-1'])).toEqual([]);
    expect(missingIn(['0', '1', '-100', '-99', '−999.0'])).toEqual(['-100', '-99', '−999.0']);
    expect(missingIn(['0', '1', '-2', '-10'])).toEqual([]);
  });

  it('is a dash where the others hold letters or digits', () => {
    expect(missingIn(['yes', 'no', '-', '–'])).toEqual(['-', '–']);
    expect(missingIn(['0', '1', '-'])).toEqual(['-']);
    expect(missingIn(['+', '-'])).toEqual([]);
    expect(missingIn(['pos', 'neg', '?', '--'])).toEqual(['?', '--']);
    // Signs that are to be put into a text.
    expect(missingIn(['O', ',', '.', '?'])).toEqual([]);
  });

  it('is none of the classes that are known, and only what the person lists', () => {
    expect(missingIn(['for', 'none'], { classes: ['for', 'none'] })).toEqual([]);
    expect(missingIn(['for', 'none', '-1', '', '?'], { words: [] })).toEqual(['']);
    expect(missingIn(['for', 'none', '?'], { words: ['?'] })).toEqual(['?']);
  });

  it('is told by the training labels where a file has few of its own', () => {
    expect(missingIn(['-1'], { others: ['0', '1'] })).toEqual(['-1']);
  });
});

it('a missing text is empty, or what only programs write', () => {
  expect(['', ' ', 'NaN', 'nan', 'null', '<NA>', '#N/A', '\\N', '#NAME?'].every(isMissingText)).toBe(true);
  expect(['None', 'none', 'NA', 'n/a', 'Null and void', '-'].some(isMissingText)).toBe(false);
});

describe('rows with missing values', () => {
  const options = (more: Partial<DatasetOptions> = {}): DatasetOptions => ({
    columns: { text: ['text'], label: 'label' },
    task: 'classification',
    split: 'train',
    ...more,
  });
  const table = (labels: readonly string[]) =>
    readTable(`text\tlabel\n${labels.map((label, i) => `row ${i}\t${label}\n`).join('')}`, 'a.tsv');
  const refused = (run: () => unknown): StudioError => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(StudioError);
      return error as StudioError;
    }
    throw new Error('was not refused');
  };

  it('are refused by name, with the ways out', () => {
    const error = refused(() => buildDataset(table(['0', '-1', '1', '-1', '2']), options()));
    expect(error.message).toBe(
      'a.tsv, line 3: the label "-1" in column "label" stands for a missing one; leave such rows out with ' +
        'data.missing "drop", or keep it as a class with data.missingValues [] ' +
        '(and 1 more row cannot be used: line 5).',
    );
    expect(error.question).toEqual({ kind: 'missing', labels: ['-1'] });
  });

  it('are left out when asked, and counted', () => {
    const data = buildDataset(table(['0', '-1', '1', '-1', '2']), options({ reading: { missing: 'drop' } }));
    expect(data.labelSpace?.names).toEqual(['0', '1', '2']);
    expect(data.lines).toEqual([2, 4, 6]);
    expect(data.notes.map(english)).toEqual([
      'a.tsv: 2 rows were left out; line 3: the label "-1" in column "label" stands for a missing one ' +
        '(and 1 more row cannot be used: line 5).',
    ]);
  });

  it('are a class when the person says so', () => {
    const data = buildDataset(table(['for', 'none', 'none']), options({ reading: { missingValues: [] } }));
    expect(data.labelSpace?.names).toEqual(['for', 'none']);
  });

  it('are a class where a word or the model names it', () => {
    const words = { for: 'yes', none: 'no' };
    expect(buildDataset(table(['for', 'none']), options({ verbalizer: words })).rows).toBe(2);
    const model = { id2label: { 0: 'for', 1: 'none' } };
    expect(buildDataset(table(['for', 'none']), options({ model })).rows).toBe(2);
  });

  it('do not take rows that are wrong with them', () => {
    const rows = table(['1.5', 'NaN', 'high']);
    const asked = options({ task: 'regression', reading: { missing: 'drop' } });
    expect(() => buildDataset(rows, asked)).toThrow(/line 4: the label "high" .* is not a number/);
    const skipped = options({ task: 'regression', reading: { invalidRows: 'skip' } });
    expect(buildDataset(rows, skipped).rows).toBe(1);
  });
});
