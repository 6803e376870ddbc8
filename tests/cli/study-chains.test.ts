/** Experiments of `delta study` whose cells start from what others have left: transfer, retention, robustness. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredExperiment } from '../../src/study/stored.ts';
import type { Row } from '../../src/study/study.ts';
import { delta } from '../support/cli.ts';

const TIMEOUT = 600_000;
const ORACLE = fileURLToPath(new URL('../oracle/bert-label-words/', import.meta.url));
const WORDS = ['the', 'film', 'was', 'good', 'bad', 'it', 'day', 'sun', 'rain', 'cold'];
/** Long enough that the weights that are kept are not those of the start. */
const LEARNS = { steps: 40, batchSize: 4, evaluateEvery: 20, seed: 1, metric: 'loss' };
let folder: string;
const rowsOf = (out: string) =>
  readFileSync(path.join(folder, out, 'runs.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
const stored = (out: string, name: string) =>
  JSON.parse(readFileSync(path.join(folder, out, `${name}.json`), 'utf8')) as StoredExperiment;

function dataset(name: string, words: readonly [string, string], patch: object = {}) {
  const rows = Array.from({ length: 24 }, (_, i) => `the ${words[i % 2]} ${WORDS[i % 7]} day\t${i % 2}`);
  writeFileSync(path.join(folder, `${name}.tsv`), `text\tlabel\n${rows.join('\n')}\n`);
  return {
    name,
    kind: 'sentiment',
    train: `${name}.tsv`,
    validation: 0.2,
    test: 0.3,
    template: '{text} it was {mask}',
    verbalizer: { 0: 'bad', 1: 'good' },
    maxLength: 12,
    ...patch,
  };
}

async function study(name: string, out: string, patch: object = {}, more: readonly string[] = []) {
  const spec = {
    model: { source: 'model' },
    datasets: [dataset('one', ['cold', 'sun']), dataset('two', ['rain', 'film'])],
    compare: [{ method: { type: 'lora', rank: 2 } }, { method: { type: 'prompt', virtualTokens: 2 } }],
    training: { steps: 4, batchSize: 4, evaluateEvery: 2, seed: 1 },
    seeds: [1],
    ...patch,
  };
  writeFileSync(path.join(folder, 'spec.json'), JSON.stringify(spec));
  return delta(['study', name, '--spec', 'spec.json', '--out', out, '--adapter', 'wasm', ...more], folder);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-chains-'));
  mkdirSync(path.join(folder, 'model'));
  for (const name of ['model.onnx', 'config.json'])
    copyFileSync(path.join(ORACLE, name), path.join(folder, 'model', name));
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...WORDS];
  writeFileSync(path.join(folder, 'model/vocab.txt'), `${vocabulary.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'passes deltas on from task to task, as they are and as a start',
  async () => {
    const done = await study('transfer', 'transfer');
    expect(done.status, done.stderr).toBe(0);
    const rows = rowsOf('transfer');
    // Two tasks of their own, and each way once scored and once trained, by two methods.
    expect(rows).toHaveLength(2 * (2 + 2 + 2));
    const passed = rows.filter(({ factors }) => factors.source !== undefined);
    const zero = passed.filter(({ factors }) => factors.scoredOnly === true);
    expect(zero.every(({ steps, status }) => steps === 0 && status === 'done')).toBe(true);
    const { figures, failed } = stored('transfer', 'transfer');
    expect(failed).toEqual([]);
    const matrix = figures.find(({ kind }) => kind === 'matrix');
    expect(matrix).toMatchObject({ rows: ['one', 'two'], columns: ['one', 'two'] });
    // Only what others start from is kept.
    const kept = readdirSync(path.join(folder, 'transfer/cells')).filter((cell) =>
      existsSync(path.join(folder, 'transfer/cells', cell, 'adapter')),
    );
    expect(kept).toHaveLength(4);
    // A delta of the same task, scored as it is, scores what it did.
    const own = rows.find(({ factors }) => factors.data === 'one' && factors.source === undefined)!;
    expect(own.scores.test!.loss).toBeGreaterThan(0);
  },
  TIMEOUT,
);

it(
  'scores the first task again after another, and trains once more what left no adapter',
  async () => {
    const first = await study('performance', 'retention', {
      datasets: undefined,
      data: dataset('one', ['cold', 'sun']),
      model: { source: 'model', task: 'maskedLm' },
      training: LEARNS,
    });
    expect(first.status, first.stderr).toBe(0);
    const done = await study('retention', 'retention', { training: LEARNS });
    expect(done.status, done.stderr).toBe(0);
    const rows = rowsOf('retention');
    expect(new Set(rows.map(({ cell }) => cell)).size).toBe(rows.length);
    // The first task (done before), the second from there, and the first again; masked tokens before, and after each.
    expect(stored('retention', 'retention').cells).toEqual({ done: 6 + 1 + 4, missing: 0 });
    const losses = rows.flatMap(({ maskedTokenLoss }) => maskedTokenLoss ?? []);
    expect(losses).toHaveLength(5);
    for (const loss of losses) expect(loss).toBeGreaterThan(0);
    expect(new Set(losses).size).toBe(5);
    const again = rows.filter(({ factors }) => factors.data === 'one' && factors.source === 'two');
    expect(again.map(({ steps }) => steps)).toEqual([0, 0]);
    expect(stored('retention', 'retention').answer.length).toBe(2);
    expect(stored('retention', 'retention').figures.map(({ id }) => id)).toContain('masked-tokens-model');
  },
  TIMEOUT,
);

it(
  'measures the loss around what was learned, and angles between deltas of tasks',
  async () => {
    const done = await study('intrinsic', 'intrinsic', {
      study: { dimensions: [4] },
      training: {
        ...LEARNS,
        optimizer: { learningRate: 0.002 },
      },
    });
    expect(done.status, done.stderr).toBe(0);
    const rows = rowsOf('intrinsic');
    expect(rows.filter(({ status }) => status !== 'done')).toEqual([]);
    const surfaces = rows.filter(({ surface }) => surface !== undefined);
    expect(surfaces.map(({ factors }) => factors.data)).toEqual(['one', 'two']);
    for (const { surface, factors } of surfaces) {
      const { along, across, losses } = surface!;
      const at = (a: number, b: number) => losses[across.indexOf(b)][along.indexOf(a)];
      const full = rows.find(
        ({ kind, factors: own }) => kind === 'train' && own.method === 'full' && own.data === factors.data,
      )!;
      // At the end of the delta stands what was learned, at its start what was not.
      expect(at(1, 0)).toBeCloseTo(full.scores.validation!.loss, 5);
      expect(at(0, 0)).not.toBeCloseTo(at(1, 0), 5);
      expect(at(1, 1)).not.toBeCloseTo(at(1, -1), 5);
    }
    const [{ angles }] = rows.filter((row) => row.angles !== undefined);
    expect(angles!.modules).toBeGreaterThan(1);
    expect(angles!.overlap).toBeGreaterThan(0);
    expect(angles!.overlap).toBeLessThan(1);
    expect(angles!.smallest).toBeLessThan(90);
    const { figures, answer } = stored('intrinsic', 'intrinsic');
    expect(figures.map(({ kind, id }) => [kind, id])).toEqual(
      expect.arrayContaining([
        ['matrix', 'surface-model-one'],
        ['curves', 'surface-lines-model-two'],
        ['table', 'angles-model'],
      ]),
    );
    expect(answer).toHaveLength(3);
  },
  TIMEOUT,
);

it(
  'damages what is held out alike for all methods, and scores what was trained on clean texts',
  async () => {
    const done = await study('robustness', 'robust', { study: { typos: [0.9], drops: [0.5], shots: [2] } });
    expect(done.status, done.stderr).toBe(0);
    const rows = rowsOf('robust');
    // By task and method: clean, typos, drops, the other task, few rows.
    expect(rows).toHaveLength(2 * 2 * 5);
    expect(
      rows.filter(({ factors }) => factors.noise === 'typos 0.9').every(({ steps }) => steps === 0),
    ).toBe(true);
    const clean = rows.find(({ factors }) => factors.source === undefined && factors.shots === undefined)!;
    const typed = rows.find(
      ({ factors }) =>
        factors.noise === 'typos 0.9' &&
        factors.method === clean.factors.method &&
        factors.data === clean.factors.data,
    )!;
    expect(typed.scores.test!.loss).not.toBe(clean.scores.test!.loss);
    // What it was trained on is not damaged.
    expect(typed.scores.train!.loss).toBeCloseTo(clean.scores.train!.loss, 5);
    expect(stored('robust', 'robustness').failed).toEqual([]);
  },
  TIMEOUT,
);

it(
  'refuses tasks whose labels have no words, and a single task',
  async () => {
    const bare = { template: undefined, verbalizer: undefined };
    const patch = { datasets: [dataset('one', ['cold', 'sun']), dataset('two', ['rain', 'film'], bare)] };
    const mixed = await study('transfer', 'none', patch);
    expect(mixed.stderr).toContain('two has a head of its own for its labels');
    expect(mixed.status).toBe(1);
    const one = await study('retention', 'none', { datasets: [dataset('one', ['cold', 'sun'])] });
    expect(one.stderr).toContain('give at least two data sets');
    expect(existsSync(path.join(folder, 'none'))).toBe(false);
  },
  TIMEOUT,
);

it(
  'says beforehand which cells start from one that cannot run, and does the others',
  async () => {
    const gone = () => ({ ...dataset('two', ['rain', 'film']), train: 'gone.tsv' });
    const patch = {
      datasets: [dataset('one', ['cold', 'sun']), gone()],
      compare: [{ method: { type: 'lora', rank: 2 } }],
    };
    // Of the two tasks one alone, and each of the four that pass between them needs the other.
    const dry = await study('transfer', 'gone', patch, ['--dry-run']);
    expect(dry.status, dry.stderr).toBe(0);
    expect(dry.stdout).toContain('6 cells, 5 cannot run, 1 run, ');
    expect(dry.stderr).toContain(
      'Cannot run: model · one · lora · template · on from two · seed 1: it starts from model · two · lora · template · seed 1, which cannot run',
    );
    const done = await study('transfer', 'gone', patch);
    expect(done.status, done.stderr).toBe(0);
    expect(rowsOf('gone').map(({ status }) => status)).toEqual(['done', ...Array<string>(5).fill('refused')]);
    // Once the file is there the others are done too.
    writeFileSync(path.join(folder, 'gone.tsv'), readFileSync(path.join(folder, 'two.tsv')));
    const again = await study('transfer', 'gone', patch);
    expect(again.stderr).toContain('6 cells, 1 done already, 5 runs, ');
    expect(stored('gone', 'transfer')).toMatchObject({ cells: { done: 6, missing: 0 }, failed: [] });
  },
  TIMEOUT,
);

it(
  'trains one delta for all tasks beside one a task, as long for each task, and judges each task by itself',
  async () => {
    const done = await study('multiTask', 'tasks', { seeds: [1, 2] });
    expect(done.status, done.stderr).toBe(0);
    const rows = rowsOf('tasks');
    const together = rows.filter(({ factors }) => factors.together === true);
    expect(rows).toHaveLength(12);
    expect(together).toHaveLength(4);
    const [row] = together;
    expect(row).toMatchObject({ status: 'done', steps: 8, factors: { data: 'one + two', method: 'lora' } });
    expect(row.tasks!.map(({ name }) => name)).toEqual(['one', 'two']);
    const mean = row.tasks!.reduce((sum, { scores }) => sum + scores.test!.accuracy, 0) / 2;
    expect(row.scores.test!.accuracy).toBeCloseTo(mean, 12);
    const { figures, answer } = stored('tasks', 'multiTask');
    const table = figures.find(({ id }) => id === 'together');
    const [lora] = (table as Extract<(typeof figures)[number], { kind: 'table' }>).rows;
    const values = lora.map((cell) => (typeof cell === 'object' && 'value' in cell ? cell.value : cell));
    const of = (which: boolean) =>
      rows.filter(({ factors }) => factors.method === 'lora' && (factors.together === true) === which);
    const average = (all: readonly Row[]) =>
      all.reduce((sum, { scores }) => sum + scores.test!.accuracy, 0) / all.length;
    expect(values[1]).toBeCloseTo(average(of(false)), 12);
    expect(values[2]).toBeCloseTo(average(of(true)), 12);
    expect(values[3]).toBeCloseTo(average(of(true)) - average(of(false)), 12);
    const [alone] = of(false);
    expect(values[4]).toBe(2 * alone.trainableParameters);
    expect(answer).toHaveLength(2);
  },
  TIMEOUT,
);

it(
  'trains an adapter a task, and on each task a fusion over the adapters of all',
  async () => {
    const patch = {
      compare: [{ method: { type: 'adapter', bottleneck: 3 } }, { method: { type: 'fusion' } }],
    };
    const planned = await study('multiTask', 'fused', { ...patch, seeds: [1, 2] }, ['--dry-run', '--json']);
    expect(planned.status, planned.stderr).toBe(0);
    const { list } = JSON.parse(planned.stdout) as {
      list: { method: string; bytes: number; refused?: string }[];
    };
    expect(list).toHaveLength(2 * (2 + 1 + 2));
    expect(list.filter(({ refused }) => refused !== undefined)).toEqual([]);
    const done = await study('multiTask', 'fused', { ...patch, seeds: [1, 2] });
    expect(done.status, done.stderr).toBe(0);
    const rows = rowsOf('fused');
    const fusions = rows.filter(({ factors }) => factors.method === 'fusion');
    expect(fusions.map(({ status, factors: { data, seed } }) => [status, data, seed])).toEqual([
      ['done', 'one', 1],
      ['done', 'one', 2],
      ['done', 'two', 1],
      ['done', 'two', 2],
    ]);
    // What was planned with adapters as they start is what the trained ones take.
    const [forecast] = list.filter(({ method }) => method === 'fusion');
    expect(fusions[0].memory!.total).toBe(forecast.bytes);
    // The fusion is of the adapters that the study's own runs of its seed have left.
    const cell = (row: Row) => path.join(folder, 'fused/cells', row.cell);
    const sources = rows.filter(
      ({ factors }) => factors.method === 'adapter' && factors.seed === 2 && factors.together !== true,
    );
    const { spec } = JSON.parse(readFileSync(path.join(cell(fusions[1]), 'run.json'), 'utf8')) as {
      spec: { method: { adapters: string[] } };
    };
    expect(spec.method.adapters.map((name) => path.basename(path.dirname(name)))).toEqual(
      sources.map((row) => row.cell),
    );
    const { figures, answer, failed } = stored('fused', 'multiTask');
    expect(failed).toEqual([]);
    const table = figures.find(({ id }) => id === 'fusion') as Extract<
      (typeof figures)[number],
      { kind: 'table' }
    >;
    const values = table.rows.map((row) =>
      row.map((one) => (typeof one === 'object' && 'value' in one ? one.value : one)),
    );
    const mean = (all: readonly Row[]) =>
      all.reduce((sum, { scores }) => sum + scores.test!.accuracy, 0) / all.length;
    const alone = rows.filter(({ factors }) => factors.method === 'adapter' && factors.together !== true);
    expect(values[0][1]).toBeCloseTo(mean(alone), 12);
    expect(values[1][1]).toBeCloseTo(mean(fusions), 12);
    expect(values[1][2]).toBeCloseTo(mean(fusions) - mean(alone), 12);
    expect(values[1][3]).toBe(2 * fusions[0].trainableParameters);
    expect(answer).toHaveLength(2);
    // Again it does nothing: all cells have their rows.
    const again = await study('multiTask', 'fused', { ...patch, seeds: [1, 2] });
    expect(again.status, again.stderr).toBe(0);
    expect(rowsOf('fused')).toHaveLength(rows.length);
  },
  TIMEOUT,
);
