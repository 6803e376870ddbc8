/** The twelve built-in tasks: what is committed is what the generators write, and models can read it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinTask } from '../../cli/builtin-data.ts';
import { labelWordIds } from '../../src/data/verbalizer.ts';
import { loadTokenizer } from '../../src/data/tokenizer/tokenizer.ts';
import { EXPERIMENTS } from '../../src/study/experiments/experiments.ts';
import { readStudy } from '../../src/study/read-study.ts';
import { TASKS, taskFiles } from '../../tools/tasks/make.ts';
import { KINDS } from '../../tools/tasks/task.ts';

const root = path.join(import.meta.dirname, '../../public');
const place = (task: string, name: string) => path.join(root, 'data/tasks', task, name);
const rowsOf = (task: string, name: string) =>
  readFileSync(place(task, name), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
const readModel = (name: string) => readFileSync(path.join(root, 'models/bert-l4-h128', name), 'utf8');
const tokenizer = loadTokenizer(readModel('tokenizer.json'), readModel('tokenizer_config.json'));

it('are twelve of five kinds, each in a folder of its own', () => {
  expect(readdirSync(path.join(root, 'data/tasks')).sort()).toEqual(TASKS.map(({ name }) => name).sort());
  expect(TASKS).toHaveLength(12);
  expect(new Set(TASKS.map(({ kind }) => kind))).toEqual(new Set(KINDS));
});

describe.each(TASKS.map((task, index) => ({ task, index, name: task.name })))(
  '$name',
  ({ task, index, name }) => {
    it('is what its generator writes', () => {
      for (const [file, content] of Object.entries(taskFiles(task, index)))
        expect(readFileSync(place(name, file), 'utf8') === content).toBe(true);
    });
    it('has balanced classes, sixteen of each in its few-shot split, and no row twice', () => {
      const labels = Object.keys(task.labels);
      const label = readFileSync(place(name, 'train.tsv'), 'utf8')
        .split('\n')[0]
        .split('\t')
        .indexOf('label');
      const count = (rows: string[][], wanted: string) => rows.filter((row) => row[label] === wanted).length;
      for (const wanted of labels) {
        expect(count(rowsOf(name, 'train-16.tsv'), wanted)).toBe(16);
        expect(Math.abs(count(rowsOf(name, 'test.tsv'), wanted) - 400 / labels.length)).toBeLessThan(1);
      }
      const texts = ['train.tsv', 'validation.tsv', 'test.tsv'].flatMap((file) =>
        rowsOf(name, file).map((row) => row.slice(0, label).join('\t')),
      );
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts).toHaveLength(1024 + 200 + 400);
    });
    it('meets words in its rows held out that training does not', () => {
      const wordsIn = (file: string) =>
        new Set(rowsOf(name, file).flatMap((row) => row.join(' ').split(' ')));
      const known = wordsIn('train.tsv');
      expect([...wordsIn('test.tsv')].filter((word) => !known.has(word)).length).toBeGreaterThan(2);
    });
    it('has label words that are one token, and is read as a spec by encoders and as text to text', () => {
      const names = Object.keys(task.labels);
      const ids = labelWordIds(tokenizer, task.template, task.labels, {
        names,
        source: 'sorted',
      });
      expect(new Set(ids).size).toBe(names.length);
      const read = (model: object, study: 'performance' | 'gap') =>
        EXPERIMENTS[study].cells(
          readStudy(JSON.stringify({ model, datasets: [`builtin:${name}`], seeds: [1] }), study, {
            builtinTask,
          }),
        );
      expect(read({ source: 'builtin:bert-l4-h128' }, 'performance')).toHaveLength(5);
      expect(
        new Set(read({ source: 'builtin:bert-l4-h128' }, 'gap').map(({ spec }) => spec.data.template)).size,
      ).toBe(2);
      const [first] = read({ source: 'builtin:t5-l3-h128', task: 'text2text' }, 'performance');
      expect(first.spec.data.verbalizer === undefined).toBe(first.spec.data.columns.target === 'target');
      expect(first.factors.data).toBe(name);
    });
  },
);

it('is refused by name where there is none', () => {
  expect(() => builtinTask('nothing')).toThrow(
    /There is no built-in task nothing; there are builtin:amounts, /,
  );
  expect(() => builtinTask('../models')).toThrow('There is no built-in task');
  expect(existsSync(place('amounts', 'task.json'))).toBe(true);
});
