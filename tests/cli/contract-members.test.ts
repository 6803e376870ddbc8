/** Members of a spec as an outsider tries them: presets, splits and their seeds, weights of classes, seeds of numbers. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonSummary } from '../../src/evidence/comparison-summary.ts';
import type { AnswersEvent, RunEvent } from '../../src/train/events.ts';
import { delta, makeProject, rowsText, type CliResult, type SpecPatch } from '../support/cli.ts';

let root: string;
beforeAll(() => (root = mkdtempSync(path.join(tmpdir(), 'delta-members-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const COLUMNS = { text: ['sentence'], label: 'label' };
const DATA = { train: 'train.tsv', validation: 'dev.csv', columns: COLUMNS, maxLength: 8 };
const TIMEOUT = 120_000;

async function compare(name: string, patch: SpecPatch, methods: string, oracle?: string): Promise<CliResult> {
  const folder = path.join(root, name);
  makeProject(folder, { training: { steps: 2, batchSize: 4, evaluateEvery: 1, seed: 3 }, ...patch }, oracle);
  writeFileSync(path.join(folder, 'train.tsv'), rowsText(60, '\t', ['sentence', 'label']));
  const args = ['--spec', 'spec.json', '--methods', methods, '--out', 'out', '--adapter', 'wasm'];
  return delta(['compare', ...args], folder);
}

function read(...parts: string[]): unknown {
  return JSON.parse(readFileSync(path.join(root, ...parts), 'utf8'));
}

const summaryOf = (name: string): ComparisonSummary => read(name, 'out', 'summary.json') as ComparisonSummary;

/** Labels of the rows that judged a run. */
function judged(...run: string[]): string {
  const lines = readFileSync(path.join(root, ...run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const events = lines.map((line) => JSON.parse(line) as RunEvent);
  return events.findLast((event): event is AnswersEvent => event.type === 'answers')!.truth;
}

describe('a preset', { timeout: TIMEOUT }, () => {
  it('"study" gives methods that are named the numbers of the study, and keeps what is given', async () => {
    const named = await compare('preset', { preset: 'study' }, 'adapter,prefix,lora');
    expect(named.status, named.stderr).toBe(0);
    const methodOf = (name: string): object =>
      (read('preset', 'out', name, 'run.json') as { spec: { method: object } }).spec.method;
    expect(methodOf('adapter')).toMatchObject({ bottleneck: 64, activation: 'silu', placement: 'both' });
    expect(methodOf('prefix')).toMatchObject({ virtualTokens: 5 });
    // Of the spec's own method what it gives stays.
    expect(methodOf('lora')).toMatchObject({ rank: 2, targets: ['q', 'v'] });
    // A hundred are more than the tiny model has room for, which is told and not shortened.
    const prompt = await compare('hundred', { preset: 'study' }, 'prompt');
    expect(prompt.stderr).toContain('method.virtualTokens: got 100, which leaves no room for text');
    const patch = { preset: 'study', method: { type: 'prefix', virtualTokens: 9 } };
    makeProject(path.join(root, 'own'), patch);
    const own = await delta(
      ['train', '--spec', 'spec.json', '--out', 'out', '--adapter', 'wasm'],
      path.join(root, 'own'),
    );
    expect(own.status, own.stderr).toBe(0);
    expect(read('own', 'out', 'run.json')).toMatchObject({ spec: { method: { virtualTokens: 9 } } });
  });

  it('of another name is refused', async () => {
    const done = await compare('paper', { preset: 'paper' }, 'lora');
    expect(done.status).toBe(1);
    expect(done.stderr).toContain('preset: got "paper" (a string); expected "study"');
  });
});

describe('seeds', { timeout: TIMEOUT }, () => {
  it('"repeats": 1 is one seed: no folder a seed, and rows are compared', async () => {
    const done = await compare('once', { repeats: 1 }, 'lora,head');
    expect(done.status, done.stderr).toBe(0);
    expect(readdirSync(path.join(root, 'once', 'out', 'lora'))).toContain('run.json');
    const [lora, head] = summaryOf('once').methods;
    expect(lora.seeds).toEqual([3]);
    expect(head.againstBaseline).toMatchObject({ unit: 'rows', smallestP: null });
  });

  it('three of a regression with a test set have means, intervals and differences', async () => {
    const data = { ...DATA, test: 0.25 };
    const patch = { model: { source: 'model', task: 'regression' }, data, seeds: [1, 2, 3] };
    const done = await compare('numbers', patch, 'full,lora', 'bert-regression');
    expect(done.status, done.stderr).toBe(0);
    const { metric, judgedOn, methods, reference } = summaryOf('numbers');
    expect({ metric, judgedOn }).toEqual({ metric: 'pearson', judgedOn: 'test' });
    expect(reference).toMatchObject({ largestClass: 0 });
    for (const { scores, mean, interval, gap } of methods) {
      expect(scores.test).toHaveLength(3);
      const sum = scores.test!.reduce((total, one) => total + one, 0);
      expect(mean).toBeCloseTo(sum / 3, 12);
      expect(interval![0]).toBeLessThanOrEqual(mean!);
      expect(interval![1]).toBeGreaterThanOrEqual(mean!);
      expect(gap).not.toBeNull();
    }
    expect(methods[1].againstBaseline).toMatchObject({ unit: 'seeds', smallestP: 0.25 });
    // All seeds share the split.
    expect(judged('numbers', 'out', 'lora', 'seed-1')).toBe(judged('numbers', 'out', 'full', 'seed-3'));
  });
});

describe('splits', { timeout: TIMEOUT }, () => {
  it('a fraction to test beside a file to validate; every class gives its share, unless told not to', async () => {
    const counts = (name: string): number[] => {
      const labels = judged(name, 'out', 'head').split(' ');
      return ['0', '1', '2'].map((label) => labels.filter((one) => one === label).length);
    };
    const shared = await compare('shares', { data: { ...DATA, test: 0.2 } }, 'head');
    expect(shared.status, shared.stderr).toBe(0);
    expect(counts('shares')).toEqual([4, 4, 4]);
    const plain = await compare('plain', { data: { ...DATA, test: 0.2, stratify: false } }, 'head');
    expect(plain.status, plain.stderr).toBe(0);
    expect(counts('plain').reduce((sum, count) => sum + count)).toBe(12);
    expect(counts('plain')).not.toEqual([4, 4, 4]);
  });
});

describe('weights of classes', { timeout: TIMEOUT }, () => {
  const weighed = (name: string, classWeights: unknown): Promise<CliResult> =>
    compare(name, { data: { ...DATA, classWeights } }, 'head');

  it('a class that is left out of them weighs 1', async () => {
    const losses = (name: string): string =>
      readFileSync(path.join(root, name, 'out', 'head', 'metrics.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"type":"step"'))
        .map((line) => (JSON.parse(line) as { loss: number }).loss)
        .join();
    for (const [name, weights] of [
      ['some', { 2: 5 }],
      ['all', { 0: 1, 1: 1, 2: 5 }],
    ] as const) {
      const done = await weighed(name, weights);
      expect(done.status, done.stderr).toBe(0);
    }
    expect(losses('some')).toBe(losses('all'));
  });

  it.each([
    ['zero', { 1: 0 }, 'data.classWeights.1: got 0 (a number); expected a number above 0'],
    ['negative', { 1: -1 }, 'data.classWeights.1: got -1 (a number); expected a number above 0'],
    ['words', { 1: '3' }, 'data.classWeights.1: got "3" (a string); expected a number above 0'],
    [
      'a name of no class',
      { spam: 2 },
      'data.classWeights has a weight for "spam", which is none of the classes',
    ],
  ])('%s: refused by name', async (name, weights, told) => {
    const done = await weighed(name.replaceAll(' ', '-'), weights);
    expect(done.status).toBe(1);
    expect(done.stderr).toContain(told);
  });

  it('"balanced" asks for a row of each class of the model', async () => {
    const folder = path.join(root, 'absent');
    makeProject(folder, { data: { ...DATA, classWeights: 'balanced' } });
    const two = rowsText(18, '\t', ['sentence', 'label']).split('\n');
    writeFileSync(path.join(folder, 'train.tsv'), two.filter((line) => !line.endsWith('\t2')).join('\n'));
    const done = await delta(['train', '--spec', 'spec.json', '--out', 'out', '--adapter', 'wasm'], folder);
    expect(done.status).toBe(1);
    expect(done.stderr).toContain(
      'data.classWeights is "balanced" and no training row is of class "LABEL_2"; add rows of it, or give weights by label.',
    );
  });
});
