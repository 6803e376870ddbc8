/** Real data sets, as they are found in the world: row counts, columns and labels. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classCounts, prepareData, type DataColumns } from '../../src/data/dataset.ts';
import { guessColumns } from '../../src/data/guess-columns.ts';
import { readTable } from '../../src/data/table/read-table.ts';

const folder = join(process.env.DELTA_SHARED ?? '../shared', 'datasets');
const table = (path: string, columns: DataColumns) =>
  readTable(readFileSync(join(folder, path)), basename(path), { columns: [...columns.text, columns.label!] });

interface RealFile {
  train: string;
  validation: string;
  rows: [number, number];
  columns: DataColumns;
  header: boolean;
  task?: 'regression';
  labels?: string[];
  encoding?: string;
}

const FILES: Record<string, RealFile> = {
  'SST-2': {
    train: 'sst2/train.tsv',
    validation: 'sst2/dev.tsv',
    rows: [67349, 872],
    columns: { text: ['sentence'], label: 'label' },
    header: true,
    labels: ['0', '1'],
  },
  'SST-2, test with \\r\\n': {
    train: 'sst2/train-4000.tsv',
    validation: 'sst2/test-labeled.tsv',
    rows: [4000, 1821],
    columns: { text: ['sentence'], label: 'label' },
    header: true,
    labels: ['0', '1'],
  },
  'CoLA, without a header': {
    train: 'cola/train.tsv',
    validation: 'cola/dev.tsv',
    rows: [8551, 1043],
    columns: { text: ['3'], label: '1' },
    header: false,
    labels: ['0', '1'],
  },
  'MRPC, with a byte-order mark and quotes': {
    train: 'mrpc/train.tsv',
    validation: 'mrpc/dev.tsv',
    rows: [3551, 398],
    columns: { text: ['#1 String', '#2 String'], label: 'Quality' },
    header: true,
    labels: ['0', '1'],
  },
  'STS-B, a regression': {
    train: 'stsb/train.tsv',
    validation: 'stsb/dev.tsv',
    rows: [5749, 1500],
    columns: { text: ['sentence1', 'sentence2'], label: 'score' },
    header: true,
    task: 'regression',
  },
  'TREC, lines that open with their label': {
    train: 'trec/train.txt',
    validation: 'trec/test.txt',
    rows: [5452, 500],
    columns: { text: ['text'], label: 'label' },
    header: true,
    labels: ['ABBR', 'DESC', 'ENTY', 'HUM', 'LOC', 'NUM'],
    encoding: 'windows-1252',
  },
  'ChnSentiCorp, without a header': {
    train: 'chnsenticorp/train.tsv',
    validation: 'chnsenticorp/dev.tsv',
    rows: [9600, 1200],
    columns: { text: ['0'], label: '1' },
    header: false,
    labels: ['negative', 'positive'],
  },
};

for (const [name, file] of Object.entries(FILES))
  describe.skipIf(!existsSync(join(folder, file.train)))(name, () => {
    it('tells its columns by itself', () => {
      const guessed = guessColumns(readTable(readFileSync(join(folder, file.train)), basename(file.train)));
      expect(guessed).toEqual(file.columns);
    });

    it('is read whole', () => {
      const train = table(file.train, file.columns);
      const { task = 'classification', columns } = file;
      const data = prepareData(train, table(file.validation, columns), { columns, task, seed: 1 });
      expect([data.train.rows, data.validation?.rows]).toEqual(file.rows);
      expect(train.header).toBe(file.header);
      expect(train.encoding).toBe(file.encoding ?? 'utf-8');
      expect(data.labelSpace?.names).toEqual(file.labels);
      if (task === 'classification') {
        const counts = classCounts(data.train);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(file.rows[0]);
        expect(Math.min(...counts)).toBeGreaterThan(0);
      } else {
        expect(Math.max(...data.train.labels)).toBe(5);
        expect(Math.min(...data.train.labels)).toBe(0);
      }
      // Lines begin below the header and never skip: none of these files has a blank line.
      expect(data.train.lines[0]).toBe(file.header && file.labels?.length !== 6 ? 2 : 1);
      expect(data.train.lines.at(-1)).toBe(data.train.lines[0] + file.rows[0] - 1);
    });
  });

describe.skipIf(!existsSync(join(folder, 'scitldr')))('SciTLDR, JSON Lines', () => {
  it('is read whole, lists of sentences joined', () => {
    const source = readTable(readFileSync(join(folder, 'scitldr/train.jsonl')), 'train.jsonl');
    expect([source.rows, source.format]).toEqual([1992, 'jsonl']);
    expect(source.columns).toEqual(expect.arrayContaining(['source', 'target', 'paper_id', 'title']));
    expect(source.column('source').every((text) => text.length > 0 && !text.startsWith('['))).toBe(true);
  });
});
