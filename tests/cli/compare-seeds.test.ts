/** `delta compare` over seeds, on the processor: folders, the shared split, the judged summary, going on. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ComparisonSummary, StoredVerdict } from '../../src/evidence/comparison-summary.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { delta, makeProject } from '../support/cli.ts';

const TIMEOUT = 600_000;
let folder: string;

const text = (...parts: string[]) => readFileSync(path.join(folder, ...parts), 'utf8');
const eventsOf = (...parts: string[]) =>
  text(...parts, 'metrics.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
const compare = (...args: string[]) => delta(['compare', ...args, '--adapter', 'wasm'], folder);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-seeds-'));
  makeProject(folder, {
    data: {
      train: 'train.tsv',
      validation: 'dev.csv',
      test: 0.3,
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 8,
    },
    seeds: [5, 3],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'trains every method with every seed on the same rows, and judges them by the test set',
  async () => {
    const done = await compare('--spec', 'spec.json', '--methods', 'lora,head', '--out', 'out');
    expect(done.status, done.stderr).toBe(0);
    const summary = JSON.parse(text('out', 'summary.json')) as ComparisonSummary & { verdict: StoredVerdict };
    expect(summary).toMatchObject({ metric: 'accuracy', judgedOn: 'test', baseline: 'lora' });
    expect(summary.methods.map(({ name, seeds }) => [name, seeds])).toEqual([
      ['lora', [5, 3]],
      ['head', [5, 3]],
    ]);
    for (const { name, seeds, scores, mean, adapterBytes, peakBytes } of summary.methods) {
      seeds.forEach((seed, i) => {
        const events = eventsOf('out', name, `seed-${seed}`);
        const told = (split: string) =>
          events.filter((event) => event.type === 'evaluate' && event.split === split);
        expect(told('test')).toHaveLength(1);
        expect(told('test')[0]).toMatchObject({ metrics: { accuracy: scores.test![i] } });
        expect(told('train')[0]).toMatchObject({ metrics: { accuracy: scores.train![i] } });
        expect(events.at(-1)?.type).toBe('end');
      });
      expect(mean).toBeCloseTo((scores.test![0] + scores.test![1]) / 2, 12);
      expect(adapterBytes).toBeGreaterThan(0);
      expect(peakBytes).toBeGreaterThan(0);
    }
    // The rows tested are the same for all; the order of training is the seed's.
    const answers = summary.methods.flatMap(({ name }) =>
      [5, 3].map((seed) => eventsOf('out', name, `seed-${seed}`).find((event) => event.type === 'answers')),
    );
    expect(new Set(answers.map((event) => event?.truth)).size).toBe(1);
    const first = (name: string, seed: number) =>
      eventsOf('out', name, `seed-${seed}`).find((event) => event.type === 'step')!.loss;
    expect(first('lora', 5)).toBeCloseTo(first('head', 5), 5);
    expect(first('lora', 5)).not.toBeCloseTo(first('lora', 3), 5);
    expect(summary.methods[1].againstBaseline).toMatchObject({ smallestP: 0.5, unit: 'seeds', pairs: 2 });
    expect(summary.reference.untuned).toBeGreaterThanOrEqual(0);
    expect(summary.verdict.sentences.length).toBeGreaterThan(0);
    expect(summary.verdict.sentences.length).toBeLessThanOrEqual(3);
    expect(done.stdout).toContain(summary.verdict.sentences[0]);
    expect(text('out', 'report.html')).toContain(summary.verdict.sentences[0].slice(0, 12));

    // A seed that is missing is trained again, and nothing else.
    rmSync(path.join(folder, 'out', 'head', 'seed-3'), { recursive: true });
    const before = text('out', 'lora', 'seed-5', 'metrics.jsonl');
    const again = await compare('--resume', 'out');
    expect(again.status, again.stderr).toBe(0);
    expect(existsSync(path.join(folder, 'out', 'head', 'seed-3', 'run.json'))).toBe(true);
    expect(text('out', 'lora', 'seed-5', 'metrics.jsonl')).toBe(before);
    const resumed = JSON.parse(text('out', 'summary.json')) as ComparisonSummary;
    expect(resumed.methods.map(({ scores }) => scores)).toEqual(summary.methods.map(({ scores }) => scores));
  },
  TIMEOUT,
);

it(
  'refuses a baseline that is not trained, and several seeds for one run',
  async () => {
    makeProject(path.join(folder, 'other'), { baseline: 'full', seeds: [1, 2] });
    const spec = path.join('other', 'spec.json');
    const compared = await compare('--spec', spec, '--methods', 'lora,head', '--out', 'no');
    expect([compared.status, compared.stderr]).toEqual([1, expect.stringMatching(/baseline: got "full"/)]);
    const trained = await delta(['train', '--spec', spec, '--out', 'no'], folder);
    expect([trained.status, trained.stderr]).toEqual([
      1,
      expect.stringMatching(/seeds: got \[1,2\].*delta compare/),
    ]);
  },
  TIMEOUT,
);
