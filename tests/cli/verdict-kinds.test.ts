/** Each kind of verdict by a real comparison, small enough for a test: its code and what its sentences say. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonSummary, StoredVerdict } from '../../src/evidence/comparison-summary.ts';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { WORDS, delta, makeProject } from '../support/cli.ts';
import { tinyRows, tinyT5 } from '../support/tiny-t5.ts';

type Summary = ComparisonSummary & { verdict: StoredVerdict };

let root: string;
beforeAll(() => (root = mkdtempSync(path.join(tmpdir(), 'delta-verdicts-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Rows of three classes: a telling word and two that tell nothing. @param label of the row, by class */
function rows(count: number, seed: number, label: (kind: number, stream: PhiloxStream) => number): string {
  const stream = new PhiloxStream(seed, 1);
  const lines = Array.from({ length: count }, (_, i) => {
    const kind = i % 3;
    const words = [WORDS[kind * 2 + stream.below(2)], WORDS[6 + stream.below(6)], WORDS[6 + stream.below(6)]];
    return `${words.join(' ')}\t${label(kind, stream)}`;
  });
  return ['sentence\tlabel', ...lines, ''].join('\n');
}

interface Case {
  methods: string;
  repeats?: number;
  steps: number;
  rate: number;
  training?: object;
  compare?: object[];
  model?: object;
  label?: (kind: number, stream: PhiloxStream) => number;
  oracle?: string;
}

async function judged(name: string, given: Case): Promise<Summary & { told: string; stdout: string }> {
  const { methods, repeats = 6, steps, rate, label = (kind) => kind } = given;
  const folder = path.join(root, name);
  const data = { train: 'train.tsv', validation: 'dev.tsv', test: 'test.tsv', maxLength: 8 };
  const columns = { text: ['sentence'], label: 'label' };
  const training = { steps, batchSize: 8, evaluateEvery: steps / 2, optimizer: { learningRate: rate } };
  makeProject(
    folder,
    {
      model: { source: 'model', ...given.model },
      data: { ...data, columns },
      training: { ...training, ...given.training },
      repeats,
      ...(given.compare && { compare: given.compare }),
    },
    given.oracle,
  );
  for (const [file, count, seed] of [
    ['train', 120, 1],
    ['dev', 60, 2],
    ['test', 90, 3],
  ] as const)
    writeFileSync(path.join(folder, `${file}.tsv`), rows(count, seed, label));
  return compared(folder, methods);
}

async function compared(
  folder: string,
  methods: string,
): Promise<Summary & { told: string; stdout: string }> {
  const args = ['compare', '--spec', 'spec.json', '--methods', methods, '--out', 'out', '--adapter', 'wasm'];
  const { stdout } = await delta(args, folder);
  const summary = JSON.parse(readFileSync(path.join(folder, 'out', 'summary.json'), 'utf8')) as Summary;
  const { sentences, remarks } = summary.verdict;
  return { ...summary, told: [...sentences, ...remarks].join(' '), stdout };
}

const points = (summary: Summary, name: string): string =>
  (summary.methods.find((method) => method.name === name)!.mean! * 100).toFixed(1);

describe('of a classification', { timeout: 600_000 }, () => {
  it('winner: six seeds tell the best from its rival, and what both cost is said', async () => {
    const summary = await judged('winner', { methods: 'full,head', steps: 60, rate: 1e-2 });
    expect(summary.verdict).toMatchObject({ code: 'winner', take: 'full', other: 'head', largestP: 0.03125 });
    expect(summary.told).toMatch(
      new RegExp(`^Take full: ${points(summary, 'full')} .* points better than head`),
    );
    expect(summary.told).toContain('(p 0.031 over 6 seeds)');
    expect(summary.told).toMatch(/It takes 0\.6 MiB of memory and [\d.]+ s a run; head takes 0\.1 MiB/);
    expect(summary.told).not.toMatch(/indication|optimistic|defaults/);
  });
  it('one seed: the rows decide, and that is said', async () => {
    const summary = await judged('one', { methods: 'full,head', repeats: 1, steps: 60, rate: 1e-2 });
    expect(summary.verdict).toMatchObject({
      code: 'winner',
      take: 'full',
      difference: { unit: 'rows', pairs: 90 },
    });
    expect(summary.told).toMatch(/over 90 rows\)/);
    expect(summary.told).toContain('With one seed only the rows are compared');
  });
  it('too-close: three seeds are an indication, however clear', async () => {
    const summary = await judged('three', { methods: 'full,head', repeats: 3, steps: 60, rate: 1e-2 });
    expect(summary.verdict).toMatchObject({ code: 'too-close', take: 'full', other: 'head', seedsNeeded: 6 });
    expect(summary.verdict.difference).toMatchObject({ p: 0.25, smallestP: 0.25, pairs: 3 });
    expect(summary.told).toMatch(/^Probably full: .* with each of 3 seeds ahead of head/);
    expect(summary.told).toContain('About 6 seeds would tell');
    expect(summary.told).toContain('3 seeds are an indication: the smallest p they can give is 0.25');
  });
  it('cheaper-equal: of two that know everything the one with less memory', async () => {
    const summary = await judged('cheaper', {
      methods: 'full,lora',
      repeats: 3,
      steps: 80,
      rate: 1e-2,
      compare: [{ method: { type: 'lora' }, training: { optimizer: { learningRate: 3e-2 } } }],
    });
    expect(summary.methods.map(({ mean }) => mean)).toEqual([1, 1]);
    expect(summary.verdict).toMatchObject({ code: 'cheaper-equal', take: 'lora' });
    expect(summary.told).toMatch(/^Take lora: 100\.0/);
  });
  it('nothing-learned and overfitted: labels by chance are learned by heart', async () => {
    const summary = await judged('chance', {
      methods: 'full,lora',
      repeats: 3,
      steps: 300,
      rate: 1e-2,
      training: { keepBest: false },
      label: (_, stream) => stream.below(3),
    });
    expect(summary.verdict).toMatchObject({ code: 'nothing-learned', take: null });
    expect(summary.verdict.about.overfitted).toContain('lora');
    expect(summary.told).toMatch(/^No method learned/);
    expect(summary.told).toContain('Longer training would not help');
    expect(summary.told).toMatch(/by heart/);
  });
  it('one-class: what has barely begun answers one class', async () => {
    const summary = await judged('few', { methods: 'full,lora', repeats: 3, steps: 4, rate: 1e-4 });
    expect(summary.verdict).toMatchObject({ code: 'one-class', take: null });
    expect(summary.told).toContain('every one leaves a class out of its answers');
  });
  it('diverged: rates beyond all numbers', async () => {
    const summary = await judged('beyond', { methods: 'full,bitfit', repeats: 2, steps: 10, rate: 1e36 });
    expect(summary.verdict).toMatchObject({ code: 'diverged', take: null });
    expect(summary.methods.map(({ lost }) => lost.length)).toEqual([2, 2]);
    expect(summary.told).toMatch(/^Every method diverged/);
  });
  it('undertrained: the last evaluation is the best by far', async () => {
    const summary = await judged('short', {
      methods: 'full,lora',
      repeats: 3,
      steps: 24,
      rate: 3e-3,
      training: { evaluateEvery: 8 },
    });
    expect(summary.verdict.also).toContain('undertrained');
    // Both are, so they are not listed.
    expect(summary.told).toContain(
      'Every method was still getting better on validation at its last step: train longer.',
    );
  });
});

describe('of numbers and texts', { timeout: 600_000 }, () => {
  it('a regression has a winner by its correlation', async () => {
    const summary = await judged('numbers', {
      methods: 'full,head',
      steps: 80,
      rate: 1e-2,
      model: { task: 'regression' },
      label: (kind) => kind / 2,
      oracle: 'bert-regression',
    });
    expect(summary).toMatchObject({ metric: 'pearson', verdict: { code: 'winner', take: 'full' } });
    expect(summary.told).toMatch(/^Take full: 0\.\d{3}/);
    expect(summary.told).not.toContain(' points');
  });
  it('texts of one seed are compared by the rows that were written', async () => {
    const folder = path.join(root, 'texts');
    mkdirSync(path.join(folder, 'model'), { recursive: true });
    for (const [name, bytes] of tinyT5()) writeFileSync(path.join(folder, 'model', name), bytes);
    for (const file of ['train.tsv', 'test.tsv']) writeFileSync(path.join(folder, file), tinyRows(16));
    const spec = {
      model: { source: 'model', task: 'text2text' },
      data: {
        train: 'train.tsv',
        validation: 'test.tsv',
        test: 'test.tsv',
        columns: { text: ['source'], target: 'target' },
        maxLength: 8,
        maxTargetLength: 8,
      },
      training: {
        steps: 40,
        batchSize: 8,
        evaluateEvery: 20,
        metric: 'rougeL',
        optimizer: { learningRate: 1e-2 },
      },
    };
    writeFileSync(path.join(folder, 'spec.json'), JSON.stringify(spec));
    const summary = await compared(folder, 'full,bitfit');
    expect(summary).toMatchObject({ metric: 'rougeL', judgedOn: 'test' });
    const [full, bitfit] = summary.methods;
    expect(full.interval!.every((end) => end >= 0 && end <= 1)).toBe(true);
    expect(bitfit.againstBaseline).toMatchObject({ unit: 'rows', pairs: 16 });
    expect(bitfit.againstBaseline!.difference).toBeCloseTo(bitfit.mean! - full.mean!, 9);
    expect(bitfit.againstBaseline!.p).toBeGreaterThan(0);
    expect(summary.told).toContain('With one seed only the rows are compared');
    expect([summary.verdict.code, ...summary.verdict.also]).not.toContain('one-class');
  });
});
