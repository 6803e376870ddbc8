/** `summary.json`, `metrics.jsonl` and the folders of `delta compare`, field by field, as scripts read them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonSummary, StoredVerdict } from '../../src/evidence/comparison-summary.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { delta, makeProject, type CliResult } from '../support/cli.ts';

type Summary = ComparisonSummary & { verdict: StoredVerdict; runs: { key: string; folder: string }[] };

const TIMEOUT = 600_000;
let root: string;

const read = (...parts: string[]) => readFileSync(path.join(root, ...parts), 'utf8');
const summaryOf = (name: string) => JSON.parse(read(name, 'out', 'summary.json')) as Summary;
const eventsOf = (...parts: string[]) =>
  read(...parts, 'metrics.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);

async function compare(name: string, patch: object, ...args: string[]): Promise<CliResult> {
  makeProject(path.join(root, name), { ...patch });
  return delta(
    ['compare', '--spec', 'spec.json', '--out', 'out', ...args, '--adapter', 'wasm'],
    path.join(root, name),
  );
}

beforeAll(() => (root = mkdtempSync(path.join(tmpdir(), 'delta-contract-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const isShare = (value: number | undefined): boolean => value !== undefined && value >= 0 && value <= 1;

describe('one seed, without a test set', { timeout: TIMEOUT }, () => {
  beforeAll(async () => {
    const done = await compare('one', {}, '--methods', 'lora,head,full');
    expect(done.status, done.stderr).toBe(0);
  }, TIMEOUT);

  it('a folder for each method, and a report that needs nothing else', () => {
    for (const name of ['lora', 'head', 'full']) {
      expect(existsSync(path.join(root, 'one', 'out', name, 'run.json'))).toBe(true);
      expect(existsSync(path.join(root, 'one', 'out', name, 'adapter'))).toBe(true);
    }
    expect(read('one', 'out', 'report.html')).not.toMatch(
      /<script|<link|<img|src=|url\(|@import|https?:\/\/(?!www\.w3\.org)/,
    );
  });
  it('is judged on validation, and the set that is not there is null', () => {
    const { judgedOn, methods, baseline, reference } = summaryOf('one');
    expect({ judgedOn, baseline }).toEqual({ judgedOn: 'validation', baseline: 'full' });
    expect(isShare(reference.largestClass) && isShare(reference.untuned)).toBe(true);
    for (const { scores, mean, seeds, interval, gap } of methods) {
      expect(seeds).toEqual([3]);
      expect(scores.test).toBeNull();
      expect([scores.train?.length, scores.validation?.length]).toEqual([1, 1]);
      expect(mean).toBe(scores.validation![0]);
      expect(gap).toBeCloseTo(scores.train![0] - scores.validation![0], 12);
      expect(interval!.every((end) => isShare(end))).toBe(true);
    }
  });
  it('differences are of rows', () => {
    const [lora, head, full] = summaryOf('one').methods;
    expect(full.againstBaseline).toBeNull();
    for (const { againstBaseline, mean } of [lora, head]) {
      expect(againstBaseline).toMatchObject({ unit: 'rows', pairs: 7, smallestP: null });
      expect(againstBaseline!.difference).toBeCloseTo(mean! - full.mean!, 12);
      expect(againstBaseline!.pAdjusted).toBeGreaterThanOrEqual(againstBaseline!.p!);
    }
  });
  it('says what each cost, and was thought to', () => {
    for (const method of summaryOf('one').methods) {
      const { trainableParameters, peakBytes, seconds, forecastSeconds, adapterBytes } = method;
      for (const cost of [trainableParameters, peakBytes, seconds, forecastSeconds, adapterBytes])
        expect(cost).toBeGreaterThan(0);
    }
  });
  it('evaluations name their set, and numbers are fractions', () => {
    const events = eventsOf('one', 'out', 'lora').filter((event) => event.type === 'evaluate');
    expect(events.map(({ split }) => split)).toEqual(['validation', 'validation', 'validation', 'train']);
    for (const { metrics } of events) expect(isShare(metrics.accuracy)).toBe(true);
  });
  it('what is gone on with keeps its forecasts, and the verdict', async () => {
    const before = summaryOf('one');
    rmSync(path.join(root, 'one', 'out', 'head'), { recursive: true });
    const again = await delta(['compare', '--resume', 'out', '--adapter', 'wasm'], path.join(root, 'one'));
    expect(again.status, again.stderr).toBe(0);
    const after = summaryOf('one');
    for (const { forecastSeconds } of after.methods) expect(forecastSeconds).toBeGreaterThan(0);
    expect(after.methods[0].forecastSeconds).toBe(before.methods[0].forecastSeconds);
    expect(after.verdict).toEqual(before.verdict);
  });
});

describe('several seeds, of what a list compares', { timeout: TIMEOUT }, () => {
  const LONG = { virtualTokens: 100 };
  let done: CliResult;
  beforeAll(async () => {
    const compared = [
      { method: [{ type: 'lora' }, { type: 'bitfit' }] },
      {
        stages: [
          { method: { type: 'head' }, training: { steps: 2 } },
          { method: { type: 'lora' }, training: { steps: 2 } },
        ],
      },
      { name: 'my/odd name', method: { type: 'head' } },
      { method: { type: 'prompt', ...LONG } },
    ];
    const data = {
      train: 'train.tsv',
      test: 0.3,
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 8,
    };
    const training = { steps: 4, batchSize: 4, evaluateEvery: 0 };
    done = await compare('several', {
      compare: compared,
      data,
      training,
      repeats: 2,
      baseline: 'lora+bitfit',
      method: undefined,
    });
  }, TIMEOUT);

  it('names combinations and stages, a folder for each seed', () => {
    const { methods, runs, baseline } = summaryOf('several');
    expect(methods.map(({ name, type }) => [name, type])).toEqual([
      ['lora+bitfit', 'lora+bitfit'],
      ['head-then-lora', 'head-then-lora'],
      ['my-odd-name', 'head'],
      ['prompt', 'prompt'],
    ]);
    expect(baseline).toBe('lora+bitfit');
    for (const { name } of methods.slice(0, 3))
      for (const seed of [42, 43])
        expect(existsSync(path.join(root, 'several', 'out', name, `seed-${seed}`, 'run.json'))).toBe(true);
    expect(runs.map(({ key, folder }) => key === folder)).not.toContain(false);
  });
  it('is judged on the test set alone where there is no other', () => {
    const { judgedOn, methods } = summaryOf('several');
    expect(judgedOn).toBe('test');
    for (const { scores, mean, againstBaseline, name } of methods.slice(0, 3)) {
      expect(scores.validation).toBeNull();
      expect(scores.test).toHaveLength(2);
      expect(mean).toBeCloseTo((scores.test![0] + scores.test![1]) / 2, 12);
      if (name !== 'lora+bitfit')
        expect(againstBaseline).toMatchObject({ unit: 'seeds', pairs: 2, smallestP: 0.5 });
    }
  });
  it('what could not be trained costs nothing, and is named', () => {
    expect(done.status).toBe(1);
    expect(done.stderr).toMatch(/virtualTokens: got 100/);
    const { methods, verdict } = summaryOf('several');
    expect(methods[3]).toMatchObject({
      seeds: [],
      failed: [42, 43],
      scores: { train: null, validation: null, test: null },
      mean: null,
      interval: null,
      againstBaseline: null,
      gap: null,
      trainableParameters: null,
      peakBytes: null,
      seconds: null,
      forecastSeconds: null,
      adapterBytes: null,
    });
    expect([...verdict.sentences, ...verdict.remarks].join(' ')).toContain(
      'prompt could not be trained to its end',
    );
    expect(done.stdout).toMatch(/prompt +0 +– +– +– +– +– +– +–/);
  });
});

describe('what is no classification', { timeout: TIMEOUT }, () => {
  it('a regression has no classes to leave out', async () => {
    const name = 'regression';
    const data = {
      train: 'train.tsv',
      validation: 'dev.csv',
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 8,
    };
    makeProject(
      path.join(root, name),
      { model: { source: 'model', task: 'regression' }, data, seeds: [1, 2] },
      'bert-regression',
    );
    const done = await delta(
      ['compare', '--spec', 'spec.json', '--methods', 'lora,head', '--out', 'out', '--adapter', 'wasm'],
      path.join(root, name),
    );
    expect(done.status, done.stderr).toBe(0);
    const { metric, verdict } = summaryOf(name);
    expect(metric).toBe('pearson');
    expect([verdict.code, ...verdict.also]).not.toContain('one-class');
    expect(done.stdout).toMatch(/\nthe mean +/);
  });
});

describe('refusals', { timeout: TIMEOUT }, () => {
  it.each([
    ['both', { seeds: [1, 2], repeats: 2 }, /repeats: got 2.*seeds is given/],
    ['twice', { seeds: [1, 1] }, /seeds: got \[1,1\].*1 stands there twice/],
    ['none', { seeds: [] }, /seeds: got \[\]/],
    ['many', { repeats: 21 }, /repeats: got 21.*from 1 to 20/],
    ['baseline', { baseline: 'nix', seeds: [1, 2] }, /baseline: got "nix".*lora, head/],
  ])('%s', async (name, patch, told) => {
    const done = await compare(`refused-${name}`, patch, '--methods', 'lora,head');
    expect(done).toMatchObject({ status: 1, stderr: expect.stringMatching(told) as string });
    expect(done.stderr.trim().split('\n')).toHaveLength(1);
  });
});
