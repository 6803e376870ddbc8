/** The demo data: what its generator promises, and that the committed files are what it writes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeDataset } from '../../src/data/batching/encoded.ts';
import { classCounts, prepareData } from '../../src/data/dataset.ts';
import { readTable } from '../../src/data/table/read-table.ts';
import { loadTokenizer } from '../../src/data/tokenizer/tokenizer.ts';
import { DOMAINS, OPENINGS, REPORTERS, VERDICTS } from '../../tools/demo-data/lexicon.ts';
import { makeDemoData } from '../../tools/demo-data/make.ts';

const open = (path: string) => readFileSync(new URL(`../../public/${path}`, import.meta.url));
const train = readTable(open('data/demo/train.tsv'), 'train.tsv');
const validation = readTable(open('data/demo/validation.tsv'), 'validation.tsv');
const data = prepareData(train, validation, {
  columns: { text: ['text'], label: 'label' },
  task: 'classification',
  seed: 1,
});

it('is what the generator writes', () => {
  const made = makeDemoData();
  expect(open('data/demo/train.tsv').toString('utf8')).toBe(made.train);
  expect(open('data/demo/validation.tsv').toString('utf8')).toBe(made.validation);
});

it('has 2,400 and 600 rows of two balanced classes, no row twice', () => {
  expect(data.labelSpace?.names).toEqual(['negative', 'positive']);
  expect(classCounts(data.train)).toEqual([1200, 1200]);
  expect(classCounts(data.validation!)).toEqual([300, 300]);
  expect(new Set([...data.train.texts, ...data.validation!.texts]).size).toBe(3000);
});

it('keeps held-out words out of training', () => {
  const lists = [
    REPORTERS,
    OPENINGS,
    ...Object.values(VERDICTS),
    ...DOMAINS.flatMap((d) => [d.whole, d.parts]),
  ];
  const training = data.train.texts.join('\n').toLowerCase();
  const heldOut = lists.flatMap((list) => list.heldOut);
  expect(heldOut.length).toBeGreaterThan(40);
  expect(heldOut.filter((phrase) => new RegExp(`\\b${phrase}\\b`).test(training))).toEqual([]);
});

describe("with the built-in model's tokenizer", () => {
  const tokenizer = loadTokenizer(open('models/bert-l4-h128/tokenizer.json').toString('utf8'));

  it('has no unknown token and fits 32 tokens', () => {
    for (const split of [data.train, data.validation!]) {
      const encoded = encodeDataset(split, tokenizer, 64);
      expect([encoded.unknown, encoded.truncated]).toEqual([0, 0]);
      expect(encoded.longest).toBeLessThanOrEqual(32);
    }
  });
});

/** Accuracy on validation of the words alone: naive Bayes over the training rows' words. */
it('is not told by its words alone', () => {
  const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[a-z]+/g));
  const counts = new Map<string, [number, number]>();
  data.train.texts.forEach((text, row) => {
    for (const word of wordsOf(text)) {
      const count = counts.get(word) ?? [1, 1];
      count[data.train.labels[row]]++;
      counts.set(word, count);
    }
  });
  const right = data.validation!.texts.filter((text, row) => {
    let score = 0;
    for (const word of wordsOf(text)) {
      const [negative, positive] = counts.get(word) ?? [1, 1];
      score += Math.log(positive / negative);
    }
    return (score > 0 ? 1 : 0) === data.validation!.labels[row];
  }).length;
  expect(right / data.validation!.rows).toBeLessThan(0.8);
  expect(right / data.validation!.rows).toBeGreaterThan(0.5);
});
