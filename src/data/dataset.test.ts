import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { english } from '../sentence.ts';
import { buildDataset, classCounts, prepareData, unlabelledDataset, type DatasetOptions } from './dataset.ts';
import { readTable } from './table/read-table.ts';
import { Table } from './table/table.ts';

const table = (rows: string[], name = 'train.tsv') =>
  readTable(['text\tlabel', ...rows, ''].join('\n'), name);
const options = (more: Partial<DatasetOptions> = {}): DatasetOptions => ({
  columns: { text: ['text'], label: 'label' },
  task: 'classification',
  split: 'train',
  ...more,
});
function refused(build: () => unknown): StudioError {
  try {
    build();
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('buildDataset', () => {
  it('holds texts, class indices and lines', () => {
    const data = buildDataset(table(['good\tyes', 'bad\tno', '', 'fine\tyes']), options());
    expect(data.texts).toEqual(['good', 'bad', 'fine']);
    expect(data.pairs).toBeNull();
    expect([...data.labels]).toEqual([1, 0, 1]);
    expect(data.labelSpace?.names).toEqual(['no', 'yes']);
    expect(data.lines).toEqual([2, 3, 5]);
    expect(classCounts(data)).toEqual([1, 2]);
  });

  it('holds pairs and the targets of a regression', () => {
    const source = readTable('a\tb\tscore\none\ttwo\t2.5\nthree\tfour\t-1e-1\n', 's.tsv');
    const data = buildDataset(
      source,
      options({ columns: { text: ['a', 'b'], label: 'score' }, task: 'regression' }),
    );
    expect(data.pairs).toEqual(['two', 'four']);
    expect(data.labels).toEqual(new Float32Array([2.5, -0.1]));
    expect(data.labelSpace).toBeNull();
  });

  it('reads files without a header by index', () => {
    const source = readTable('x1\t1\t\tIt rained.\nx1\t0\t*\tRained it.\n', 'cola.tsv');
    const data = buildDataset(source, options({ columns: { text: ['3'], label: 1 } }));
    expect(data.texts).toEqual(['It rained.', 'Rained it.']);
    expect([...data.labels]).toEqual([1, 0]);
  });

  it('takes the first rows of a limit, without changing what labels mean', () => {
    const source = table(['p\tc', 'q\tb', 'r\ta']);
    const data = buildDataset(source, options({ limit: 2 }));
    expect(data.labelSpace?.names).toEqual(['a', 'b', 'c']);
    expect([...data.labels]).toEqual([2, 1]);
  });
});

describe('bad data is refused in one sentence, with its place and what to do', () => {
  const cases: [string, () => unknown, string][] = [
    [
      'a missing column',
      () =>
        buildDataset(table(['a\t1', 'b\t0']), options({ columns: { text: ['sentence'], label: 'label' } })),
      'train.tsv: there is no column "sentence"; it has "text", "label": name one of these.',
    ],
    [
      'a missing label',
      () => buildDataset(table(['a\t1', 'b\t']), options()),
      'train.tsv, line 3: the label in column "label" is missing; fill it in, or leave such rows out with data.missing "drop".',
    ],
    [
      'a NaN label',
      () => buildDataset(table(['a\t1', 'b\tNaN']), options()),
      'train.tsv, line 3: the label "NaN" in column "label" stands for a missing one; leave such rows out with data.missing "drop", or keep it as a class with data.missingValues [].',
    ],
    [
      'a NaN target',
      () => buildDataset(table(['a\t1.5', 'b\tnan']), options({ task: 'regression' })),
      'train.tsv, line 3: the label in column "label" is nan, which stands for a missing one; fill it in, or leave such rows out with data.missing "drop".',
    ],
    [
      'a target that is no number',
      () => buildDataset(table(['a\t1.5', 'b\thigh']), options({ task: 'regression' })),
      'train.tsv, line 3: the label "high" in column "label" is not a number, which a regression needs; correct it or choose the task classification.',
    ],
    [
      'a target with a decimal comma',
      () => buildDataset(table(['a\t1.5', 'b\t0,50']), options({ task: 'regression' })),
      'train.tsv, line 3: the label "0,50" in column "label" is a number with a comma; write it without one, decimals with a point, or choose the task classification.',
    ],
    [
      'one class only',
      () => buildDataset(table(['a\t1', 'b\t1', 'c\t1']), options()),
      'train.tsv: all 3 rows for training have the label "1" in column "label", and a classifier needs two classes; add rows of another class.',
    ],
    [
      'one class within the limit',
      () => buildDataset(table(['a\t1', 'b\t1', 'c\t0']), options({ limit: 2 })),
      'train.tsv: all 2 rows for training have the label "1" in column "label", and a classifier needs two classes; add rows of another class or raise data.limit.train.',
    ],
    [
      'another file with other columns',
      () =>
        prepareData(table(['a\tyes', 'b\tno']), readTable('review\tstars\nc\tyes\n', 'dev.tsv'), {
          columns: { text: ['text'], label: 'label' },
          task: 'classification',
          seed: 1,
        }),
      'dev.tsv: it has no columns "text", "label", which train.tsv has, but "review", "stars"; name its columns as there.',
    ],
    [
      'an empty text',
      () => buildDataset(table(['a\t1', ' \t0']), options()),
      'train.tsv, line 3: the text in column "text" is empty; fill it in, or leave such rows out with data.missing "drop".',
    ],
    [
      'a validation label unseen in training',
      () =>
        prepareData(table(['a\tyes', 'b\tno']), table(['c\tyes', 'd\tmaybe'], 'dev.tsv'), {
          columns: { text: ['text'], label: 'label' },
          task: 'classification',
          seed: 1,
        }),
      'dev.tsv, line 3: the label "maybe" in column "label" does not occur in the training data, which has "no", "yes"; correct it or add training rows with it.',
    ],
    [
      'a number beyond the classes that a file names',
      () => {
        const parts = table(['a\tneg', 'b\t2', 'c\tpos']).parts();
        return buildDataset(
          new Table({ ...parts, classes: new Map([['label', ['neg', 'pos']]]) }),
          options(),
        );
      },
      'train.tsv, line 3: the label "2" in column "label" is none of the 2 classes that the file names, "neg" first; correct it.',
    ],
    [
      'a list of labels',
      () =>
        buildDataset(
          readTable('{"text":"a","label":["x"]}\n{"text":"b","label":["x","y"]}\n', 'a.jsonl'),
          options(),
        ),
      'a.jsonl, line 2: the label in column "label" is a list of several; give every row one label, or train on one of them at a time, each in a column of its own.',
    ],
    [
      'labels of which each row has a number',
      () =>
        buildDataset(
          readTable('{"text":"a","label":[0,1]}\n{"text":"b","label":[1,1]}\n', 'a.jsonl'),
          options(),
        ),
      'a.jsonl, line 1: the label in column "label" is a list of several; give every row one label, or train on one of them at a time, each in a column of its own (and 1 more row cannot be used: line 2).',
    ],
    [
      'labels as Python writes a list',
      () => buildDataset(table(["a\t['x']", "b\t['x', 'y']"]), options()),
      'train.tsv, line 3: the label in column "label" is a list of several; give every row one label, or train on one of them at a time, each in a column of its own.',
    ],
    [
      'no rows',
      () => buildDataset(table(['a\t1', 'b\t0']), options({ limit: 0 })),
      'train.tsv: no rows are left for train; raise data.limit or data.validation.',
    ],
    [
      'an empty text to predict',
      () => unlabelledDataset(['fine', '']),
      'text, line 2: the text is empty; write one.',
    ],
  ];
  for (const [name, build, message] of cases) it(name, () => expect(refused(build).message).toBe(message));

  it('rows that cannot be used: the first in words, the others by their lines', () => {
    const rows = ['a\t1', '\t0', 'c\t', 'd\t0', ' \t1'];
    const error = refused(() => buildDataset(table(rows), options()));
    expect(error.message).toBe(
      'train.tsv, line 3: the text in column "text" is empty; fill it in, or leave such rows out with data.missing "drop" ' +
        '(and 2 more rows cannot be used: lines 4, 6).',
    );
    expect(error.details).toHaveLength(3);
    expect(english(error.details[1])).toMatch(/^train\.tsv, line 4: the label in column "label" is missing/);
  });

  it('which may be left out, and then that is said', () => {
    const rows = ['a\t1', '\t0', 'c\t', 'd\t0', ' \t1'];
    const data = buildDataset(table(rows), options({ reading: { invalidRows: 'skip' } }));
    expect([data.texts, data.lines]).toEqual([
      ['a', 'd'],
      [2, 5],
    ]);
    expect(data.notes.map(english)).toEqual([
      'train.tsv: 3 rows were left out; line 3: the text in column "text" is empty ' +
        '(and 2 more rows cannot be used: lines 4, 6).',
    ]);
  });

  it('labels that hardly repeat', () => {
    const rows = Array.from({ length: 80 }, (_, i) => `text ${i}\tanswer ${i}`);
    expect(refused(() => buildDataset(table(rows), options())).message).toBe(
      'train.tsv: column "label" has 80 different labels in 80 rows, so it names no classes; choose another ' +
        'label column, or the task text-to-text if it holds answers in words.',
    );
  });

  it('and the place is there for programs too', () => {
    expect(refused(() => buildDataset(table(['a\t1', 'b\t']), options())).where).toBe('train.tsv:3');
  });

  it('labels that are 3 when the training data has 0 to 1', () => {
    const space = buildDataset(table(['a\t1', 'b\t0']), options()).labelSpace;
    const build = () =>
      buildDataset(table(['c\t3'], 'dev.tsv'), options({ split: 'validation', labelSpace: space }));
    expect(refused(build).message).toContain('the label "3"');
  });
});

describe('prepareData', () => {
  const columns = { text: ['text'], label: 'label' };
  const rows = Array.from({ length: 40 }, (_, i) => `row ${i}\t${i % 2}`);
  const prepare = (validation: number, seed: number) =>
    prepareData(table(rows), validation, { columns, task: 'classification', seed });

  it('holds a fraction out: disjoint, complete, in file order, the same for the same seed', () => {
    const { train, validation } = prepare(0.1, 7);
    expect([train.rows, validation?.rows]).toEqual([36, 4]);
    const lines = [...train.lines, ...validation!.lines];
    expect(new Set(lines).size).toBe(40);
    expect(train.lines).toEqual([...train.lines].sort((a, b) => a - b));
    expect(prepare(0.1, 7).validation?.lines).toEqual(validation?.lines);
    expect(prepare(0.1, 8).validation?.lines).not.toEqual(validation?.lines);
  });

  it('holds out of every class its share, unless it is not to', () => {
    const uneven = table([
      ...Array.from({ length: 94 }, (_, i) => `row ${i}\tcommon`),
      ...['rare', 'rare', 'rare', 'few', 'few', 'single'].map((label, i) => `other ${i}\t${label}`),
    ]);
    const split = (stratify?: boolean) =>
      prepareData(uneven, 0.1, { columns, task: 'classification', seed: 3, stratify });
    const { validation, labelSpace } = split();
    expect(labelSpace?.names).toEqual(['common', 'few', 'rare', 'single']);
    expect(classCounts(validation!)).toEqual([8, 1, 1, 0]);
    expect(validation!.lines).not.toEqual(split(false).validation!.lines);
    expect(split(true).validation!.lines).toEqual(validation!.lines);
  });

  it('keeps rows to test on apart from those to validate on, which are the same as without', () => {
    const rows = table(Array.from({ length: 60 }, (_, i) => `row ${i}\t${i % 3 === 0 ? 'a' : 'b'}`));
    const options = { columns, task: 'classification', seed: 3 } as const;
    const { train, validation, test } = prepareData(rows, 0.1, { ...options, test: 0.2 });
    expect([train.rows, validation!.rows, test!.rows]).toEqual([42, 6, 12]);
    expect(new Set([...train.lines, ...validation!.lines, ...test!.lines]).size).toBe(60);
    expect(classCounts(test!)).toEqual([4, 8]);
    expect(prepareData(rows, 0.1, options).validation!.lines).toEqual(validation!.lines);
    const limited = prepareData(rows, null, { ...options, test: 0.2, limit: { test: 5 } });
    expect([limited.train.rows, limited.validation, limited.test?.rows]).toEqual([48, null, 5]);
    expect(() => prepareData(rows, null, { ...options, test: table(['x\tc'], 'test.tsv') })).toThrow(
      /^test\.tsv, line 2: .*"c"/,
    );
  });

  it.each([
    ['0x10', /the label "0x10" in column "label" is not a number/],
    ['Infinity', /the label "Infinity" in column "label" is not a number/],
    [
      '1e308',
      /the label "1e308" in column "label" is too large: its square is beyond single precision; scale/,
    ],
  ])('takes no %s for the number of a regression', (label, refusal) => {
    expect(() => buildDataset(table(['a\t1.5', `b\t${label}`]), options({ task: 'regression' }))).toThrow(
      refusal,
    );
  });

  it('draws the rows of a regression alike', () => {
    const numbers = table(Array.from({ length: 20 }, (_, i) => `row ${i}\t${i / 7}`));
    const { validation, notes } = prepareData(numbers, 0.2, { columns, task: 'regression', seed: 3 });
    expect([validation!.rows, notes]).toEqual([4, []]);
  });

  it('refuses a fraction outside (0, 1), and one row to split', () => {
    expect(refused(() => prepare(1.5, 1)).where).toBe('data.validation');
    const build = () => prepareData(table(['a\t1']), 0.5, { columns, task: 'classification', seed: 1 });
    expect(refused(build).message).toContain('1 row cannot be split');
  });

  it('gives validation the classes of training, also where it has fewer', () => {
    const { validation } = prepareData(table(['a\tx', 'b\ty', 'c\tz']), table(['d\tz'], 'dev.tsv'), {
      columns,
      task: 'classification',
      seed: 1,
    });
    expect([...validation!.labels]).toEqual([2]);
  });

  it('does without validation data', () => {
    const data = prepareData(table(['a\t1', 'b\t0']), null, { columns, task: 'classification', seed: 1 });
    expect(data.validation).toBeNull();
  });
});
