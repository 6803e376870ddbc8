import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { english } from '../../sentence.ts';
import { prepareData } from '../dataset.ts';
import { readTable } from '../table/read-table.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { examineData, examineSteps, lengthFor } from './doctor.ts';
import type { Finding } from './finding.ts';
import { writingOf } from './scripts.ts';

const folder = new URL('../../../public/models/bert-l4-h128/', import.meta.url);
const json = (name: string) =>
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, unknown>;
const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'), json('config.json'));

function examine(train: readonly string[], validation: readonly string[], maxLength = 32): Finding[] {
  const table = (name: string, rows: readonly string[]) =>
    readTable(new TextEncoder().encode(['text\tlabel', ...rows, ''].join('\n')), name);
  const columns = { text: ['text'], label: 'label' };
  const data = prepareData(table('train.tsv', train), table('dev.tsv', validation), {
    columns,
    task: 'classification',
    seed: 1,
  });
  return examineData({ ...data, tokenizer, maxLength, mostPositions: 64 });
}

const word = (n: number): string => ['river', 'stone', 'paper', 'music', 'garden', 'winter', 'yellow'][n % 7];
const row = (n: number, label: string): string => `the ${word(n)} ${word(n * 3 + 1)} number ${n}\t${label}`;
const rows = (count: number, labelOf: (n: number) => string, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => row(from + i, labelOf(from + i)));
const half = (n: number): string => (n % 2 === 0 ? 'good' : 'bad');
const dev = rows(60, half, 1000);

const of = (found: readonly Finding[], code: Finding['code']): string =>
  found
    .filter((one) => one.code === code)
    .map(({ sentence }) => english(sentence))
    .join(' / ');

describe('the look at the data before training', () => {
  it('can be left off at each row, however often it goes through them', () => {
    const table = (name: string, lines: readonly string[]) =>
      readTable(new TextEncoder().encode(['text\tlabel', ...lines, ''].join('\n')), name);
    const columns = { text: ['text'], label: 'label' };
    const data = prepareData(table('train.tsv', rows(40, half)), table('dev.tsv', rows(30, half, 1000)), {
      columns,
      task: 'classification',
      seed: 1,
    });
    const steps = [...examineSteps({ ...data, tokenizer, maxLength: 32 })].length;
    // Its vocabulary, its repetitions and its lengths; and both parts for rows that stand in both.
    expect(steps).toBe(3 * 40 + 40 + 30);
  });

  it('has nothing to say of sound data but what always answering one class scores', () => {
    const found = examine(rows(60, half), dev);
    expect(found.map(({ code }) => code)).toEqual(['baseline']);
    expect(of(found, 'baseline')).toMatch(/always answering "\w+" scores 50 % accuracy/);
  });

  it('says what so few rows can tell, of those that judge', () => {
    const found = examine(rows(60, half), rows(12, half, 1000));
    expect(found.map(({ code, weight }) => [code, weight])).toEqual([
      ['fewRows', 'advice'],
      ['baseline', 'fact'],
    ]);
    expect(of(found, 'fewRows')).toBe(
      'only 12 validation rows judge: an accuracy of them is known to 25 points at best, and with one seed a difference of two methods below 50 points (6 rows) cannot be told; add rows to data.validation, or hold out a larger share.',
    );
    const three = examine(rows(60, half), rows(3, half, 1000));
    expect(three[0]).toMatchObject({ code: 'fewRows', weight: 'fault' });
    expect(of(three, 'fewRows')).toMatch(/^so few validation rows \(3\) tell nothing: .* fewer than 6;/);
    expect(of(examine(rows(60, half), rows(40, half, 1000)), 'fewRows')).toBe('');
  });

  it('takes the largest class of the rows that judge, where training has another', () => {
    const judged = rows(20, (n) => (n % 4 === 0 ? 'good' : 'bad'), 1000);
    const found = examine(
      rows(60, (n) => (n % 5 < 3 ? 'good' : 'bad')),
      judged,
    );
    expect(of(found, 'baseline')).toMatch(
      /^always answering "bad" scores 75 % accuracy \("good", the largest class of the training rows, 25 %\)/,
    );
  });

  it('says that Chinese is unknown to an English vocabulary, and what would fit', () => {
    const chinese = (n: number): string =>
      `这家酒店的房间很${n % 2 === 0 ? '干净' : '肮脏'}，服务员态度第${n}\t${half(n)}`;
    const found = examine(
      Array.from({ length: 40 }, (_, n) => chinese(n)),
      dev,
    );
    expect(found[0]).toMatchObject({
      code: 'vocabulary',
      weight: 'fault',
      remedy: { kind: 'model', writing: 'chinese' },
    });
    expect(of(found, 'vocabulary')).toMatch(/^\d+ % of the tokens of these Chinese texts are unknown/);
  });

  it('counts cut rows and names the length that keeps 95 %', () => {
    const long = (n: number): string =>
      `${Array.from({ length: 30 + (n % 10) }, (_, i) => word(n + i)).join(' ')}\t${half(n)}`;
    const found = examine(
      Array.from({ length: 100 }, (_, n) => long(n)),
      dev,
      16,
    );
    const cut = found.find(({ code }) => code === 'cut')!;
    expect(english(cut.sentence)).toMatch(
      /^100 % of the training rows are cut to 16 tokens; data.maxLength \d+ keeps 95 % whole\./,
    );
    expect(cut.remedy).toMatchObject({ kind: 'maxLength' });
    expect(examine(rows(60, half), dev, 16).some(({ code }) => code === 'cut')).toBe(false);
  });

  it('names classes that one part lacks', () => {
    const three = (n: number): string => ['good', 'bad', 'fair'][n % 3];
    expect(of(examine(rows(60, three), dev), 'absentClass')).toBe(
      'no validation row is of the class "fair", so scores say nothing about it; add such rows to data.validation.',
    );
  });

  it('finds rows of both parts, and repeated rows with another label', () => {
    const train = [...rows(60, half), row(1, 'good'), row(2, half(2))];
    const found = examine(train, [...dev, row(5, half(5))]);
    expect(of(found, 'leak')).toMatch(
      /^validation rows that stand among the training rows too: 1 \(1.6 %\), such as line 62 on line 7;/,
    );
    expect(of(found, 'repeats')).toMatch(
      /^training rows that repeat others: 2, of them with another label 1, such as line 62 after line 3;/,
    );
  });

  it('says what to judge uneven classes by', () => {
    const uneven = (n: number): string => (n % 5 === 0 ? 'bad' : 'good');
    const found = examine(rows(100, uneven), rows(50, uneven, 1000));
    expect(of(found, 'imbalance')).toMatch(
      /^80 % of the training rows are "good": set training.metric to "matthews"/,
    );
    expect(of(found, 'baseline')).toMatch(/scores 80 % accuracy/);
  });

  it('tells writings apart', () => {
    expect(writingOf(['A plain sentence, with nothing to it.'])).toBe('english');
    expect(writingOf(['房间很干净'])).toBe('chinese');
    expect(writingOf(['部屋はとてもきれいでした'])).toBe('other');
    expect(writingOf(['Комната очень чистая'])).toBe('other');
    expect(writingOf(['Das Zimmer war schön, aber für uns zu groß.'])).toBe('other');
  });

  it('finds the length from the counts', () => {
    const counts = new Array<number>(30).fill(0);
    counts[5] = 94;
    counts[10] = 1;
    counts[29] = 5;
    expect(lengthFor({ counts, rows: 100, of: 100, longest: 29 })).toBe(10);
  });
});
