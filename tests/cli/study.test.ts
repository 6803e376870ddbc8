/** `delta study` on the processor: what it runs, what it keeps, how it goes on, what it refuses. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { english, named, say, type Sentence } from '../../src/sentence.ts';
import type { StoredExperiment } from '../../src/study/stored.ts';
import type { Row } from '../../src/study/study.ts';
import { delta, deltaProcess, makeProject } from '../support/cli.ts';

const TIMEOUT = 600_000;
let folder: string;
const place = (...parts: string[]) => path.join(folder, ...parts);
const read = (...parts: string[]) => readFileSync(place(...parts), 'utf8');
const rowsOf = (out: string) =>
  read(out, 'runs.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
const stored = (out: string, name: string) => JSON.parse(read(out, `${name}.json`)) as StoredExperiment;
const study = (...args: string[]) => delta(['study', ...args, '--adapter', 'wasm'], folder);
const data = {
  train: 'train.tsv',
  validation: 'dev.csv',
  test: 0.3,
  columns: { text: ['sentence'], label: 'label' },
  maxLength: 8,
};
function specOf(name: string, patch: object): string {
  writeFileSync(place(name), JSON.stringify({ ...(JSON.parse(read('spec.json')) as object), ...patch }));
  return name;
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-study-'));
  makeProject(folder, { data, compare: undefined });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'says beforehand what it takes, and writes nothing on a dry run',
  async () => {
    const done = await study(
      'performance',
      '--spec',
      'spec.json',
      '--out',
      'dry',
      '--seeds',
      '2',
      '--dry-run',
      '--json',
    );
    expect(done.status, done.stderr).toBe(0);
    const told = JSON.parse(done.stdout) as {
      runs: number;
      bytes: number;
      seconds: number;
      list: { cell: string; bytes: number }[];
    };
    expect(told).toMatchObject({ experiment: 'performance', cells: 10, runs: 10, done: 0, refused: 0 });
    expect(told.seconds).toBeGreaterThan(0);
    expect(told.bytes).toBe(Math.max(...told.list.map(({ bytes }) => bytes)));
    expect(new Set(told.list.map(({ cell }) => cell)).size).toBe(10);
    expect(existsSync(place('dry'))).toBe(false);
  },
  TIMEOUT,
);

it(
  'takes up the rows of a study where models and files lie elsewhere, and none where they hold something else',
  async () => {
    const methods = ['--methods', 'head,bitfit', '--seeds', '1', '--json'];
    const here = await study('performance', '--spec', 'spec.json', '--out', 'here', ...methods);
    expect(here.status, here.stderr).toBe(0);
    const other = mkdtempSync(path.join(tmpdir(), 'delta-study-moved-'));
    try {
      makeProject(other, { data, compare: undefined });
      renameSync(path.join(other, 'model'), path.join(other, 'encoder'));
      renameSync(path.join(other, 'train.tsv'), path.join(other, 'rows.tsv'));
      cpSync(place('here', 'runs.jsonl'), path.join(other, 'there', 'runs.jsonl'));
      cpSync(place('here', 'study.json'), path.join(other, 'there', 'study.json'));
      const moved = JSON.parse(readFileSync(path.join(other, 'spec.json'), 'utf8')) as object;
      const spec = {
        ...moved,
        model: { source: './encoder' },
        data: { ...data, train: path.join(other, 'rows.tsv') },
      };
      writeFileSync(path.join(other, 'spec.json'), JSON.stringify(spec));
      const asked = [
        'study',
        'performance',
        '--spec',
        'spec.json',
        '--out',
        'there',
        ...methods,
        '--dry-run',
      ];
      const taken = await delta([...asked, '--adapter', 'wasm'], other);
      expect(taken.status, taken.stderr).toBe(0);
      expect(JSON.parse(taken.stdout)).toMatchObject({ cells: 2, done: 2, runs: 0 });
      appendFileSync(path.join(other, 'rows.tsv'), 'a day\t0\n');
      const changed = await delta([...asked, '--adapter', 'wasm'], other);
      expect(changed.status, changed.stderr).toBe(0);
      expect(JSON.parse(changed.stdout)).toMatchObject({ cells: 2, done: 0, runs: 2 });
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  },
  TIMEOUT,
);

it(
  'keeps a row of each cell, goes on with what is missing only, and adds seeds and experiments',
  async () => {
    const asked = ['--spec', 'spec.json', '--out', 'out', '--methods', 'lora,head'];
    const first = await study('performance', ...asked, '--seeds', '1', '--json');
    expect(first.status, first.stderr).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      experiment: 'performance',
      cells: { done: 2, missing: 0 },
    });
    const [lora] = rowsOf('out');
    expect(lora).toMatchObject({
      status: 'done',
      metric: 'accuracy',
      steps: 4,
      factors: { method: 'lora', seed: 3 },
    });
    expect(lora.curve.map(({ step }) => step)).toEqual([0, 2, 4]);
    expect(lora.curve[2].tokens).toBeGreaterThan(lora.curve[1].tokens);
    expect(lora.scores.test!.accuracy).toBeGreaterThanOrEqual(0);
    expect(lora.memory!.total).toBeGreaterThan(0);
    const before = read('out', 'runs.jsonl');
    const more = await study('performance', ...asked, '--seeds', '2');
    expect(more.stderr).toContain('4 cells, 2 done already, 2 runs');
    expect(read('out', 'runs.jsonl').startsWith(before)).toBe(true);
    expect(rowsOf('out')).toHaveLength(4);
    // The same work has the same cells: this trains nothing.
    const again = await study('convergence', ...asked, '--seeds', '2', '--lang', 'zh');
    expect(again.status, again.stderr).toBe(0);
    expect(again.stderr).toContain('4 cells, 4 done already, no training');
    expect(again.stdout).toContain('研究的结论');
    expect(rowsOf('out')).toHaveLength(4);
    const report = read('out', 'report.html');
    for (const text of ['id="performance"', 'id="convergence"', 'The study found', '研究的结论', '<svg'])
      expect(report).toContain(text);
    expect(report).not.toMatch(/<script|https?:/);
    expect(report).not.toContain('引擎原文');
    expect(read('out', 'figures', 'convergence-step-accuracy.csv')).toMatch(
      /^series,x,mean,low,high\r\nlora,0,/,
    );
    expect(read('out', 'figures', 'convergence-step-accuracy.svg')).toContain(
      'xmlns="http://www.w3.org/2000/svg"',
    );
    const table = stored('out', 'performance').figures.find(({ id }) => id === 'scores');
    expect(table).toMatchObject({ kind: 'table' });
    const [, after] = JSON.stringify(table).split(`[${JSON.stringify(say`${named('lora')}`)},`);
    expect(after).toMatch(/^\{"value":0?\.?\d+,"text":"\d+\.\d ± \d+\.\d %"\}/);
  },
  TIMEOUT,
);

it(
  'says that data sets, models and methods of the same content are one, and does their work once',
  async () => {
    cpSync(place('train.tsv'), place('copy.tsv'));
    cpSync(place('model'), place('same-model'), { recursive: true });
    const lora = { method: { type: 'lora', rank: 8 } };
    const twice = {
      data: undefined,
      datasets: [
        { ...data, name: 'first' },
        { ...data, name: 'second', train: 'copy.tsv' },
      ],
      model: undefined,
      models: ['./model', './same-model'],
      compare: [{ method: { type: 'head' } }, { method: { type: 'lora' } }, lora],
      seeds: [1],
    };
    specOf('twice.json', twice);
    const done = await study('performance', '--spec', 'twice.json', '--out', 'twice', '--lang', 'zh');
    expect(done.status, done.stderr).toBe(0);
    expect(done.stderr).toContain(
      'second holds the same rows as first and is read in the same way: the two count as one data set, first.',
    );
    expect(done.stderr).toContain(
      'same-model holds the same weights and words as model: the two count as one model, model.',
    );
    expect(done.stderr).toMatch(/lora-2 is lora with the same options: the two count as one method, lora\./);
    expect(done.stderr).toContain('2 cells, 2 runs, ');
    expect(done.stdout).toContain('second 的行与 first 相同，读法也相同：两者算作一个数据集 first。');
    expect(rowsOf('twice').map(({ factors }) => [factors.model, factors.data, factors.method])).toEqual([
      ['model', 'first', 'head'],
      ['model', 'first', 'lora'],
    ]);
    const report = read('twice', 'report.html');
    for (const text of ['second holds the same rows as first', 'second 的行与 first 相同'])
      expect(report).toContain(text);
    expect(stored('twice', 'performance').same).toHaveLength(3);
  },
  TIMEOUT,
);

it(
  'records a cell that diverges, and finishes the others',
  async () => {
    const compare = [
      {
        method: { type: 'full' },
        training: { maxGradNorm: 0, optimizer: { learningRate: 1e30 } },
      },
      { method: { type: 'head' } },
    ];
    specOf('wild.json', { compare, seeds: [1] });
    const done = await study('performance', '--spec', 'wild.json', '--out', 'wild', '--json');
    expect(done.status, done.stderr).toBe(0);
    expect(rowsOf('wild').map(({ status }) => status)).toEqual(['diverged', 'done']);
    const { failed, cells } = stored('wild', 'performance');
    expect(cells).toEqual({ done: 1, missing: 0 });
    expect(english(failed[0].name as Sentence)).toContain('full');
    expect(done.stderr).toMatch(/diverged: .*became/);
    expect(read('wild', 'report.html')).toContain('Cells that came to nothing');
  },
  TIMEOUT,
);

it(
  'goes on from where it was killed, and shares the work with another process',
  async () => {
    specOf('long.json', {
      training: { steps: 100, batchSize: 4, evaluateEvery: 20, seed: 3 },
      seeds: [3, 4],
    });
    const args = [
      'study',
      'performance',
      '--spec',
      'long.json',
      '--out',
      'long',
      '--methods',
      'lora,head',
      '--adapter',
      'wasm',
    ];
    const killed = await deltaProcess(args, folder, { interruptAfter: /\[1\/4\]/, signal: 'SIGKILL' });
    expect(killed.status).not.toBe(0);
    // As if it had been in the middle of a row.
    appendFileSync(place('long', 'runs.jsonl'), '{"cell":"half');
    const both = await Promise.all([deltaProcess(args, folder), deltaProcess(args, folder)]);
    for (const { status, stderr } of both) expect(status, stderr).toBe(0);
    const rows = read('long', 'runs.jsonl')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as Row);
    expect(rows.map(({ cell }) => cell).sort()).toEqual([...new Set(rows.map(({ cell }) => cell))].sort());
    expect(rows).toHaveLength(4);
    expect(stored('long', 'performance').cells).toEqual({ done: 4, missing: 0 });
    // A run that was never cut off says the same.
    const whole = await study(
      'performance',
      '--spec',
      'long.json',
      '--out',
      'whole',
      '--methods',
      'lora,head',
    );
    expect(whole.status, whole.stderr).toBe(0);
    const scores = (all: Row[]) => all.map(({ cell, scores: own }) => JSON.stringify([cell, own])).sort();
    expect(scores(rowsOf('whole'))).toEqual(scores(rows));
  },
  TIMEOUT,
);

it(
  'plans memory without training',
  async () => {
    const done = await study('memory', '--spec', 'spec.json', '--out', 'memory', '--json');
    expect(done.status, done.stderr).toBe(0);
    const rows = rowsOf('memory');
    expect(rows).toHaveLength(24);
    expect(rows.every(({ steps, memory }) => steps === 0 && memory!.total > 0)).toBe(true);
    expect(stored('memory', 'memory').answer).toHaveLength(1);
    const [stacks] = stored('memory', 'memory').figures;
    const plan = await delta(
      ['plan', '--spec', 'spec.json', '--methods', 'lora', '--batch', '8', '--json', '--adapter', 'wasm'],
      folder,
    );
    const planned = (JSON.parse(plan.stdout) as { rows: { predicted: { total: number } }[] }).rows[0]
      .predicted.total;
    expect(
      rows.find(({ factors }) => factors.method === 'lora' && factors.batchSize === 8)!.memory!.total,
    ).toBe(planned);
    expect(stacks.kind).toBe('stacks');
  },
  TIMEOUT,
);

it(
  'runs every experiment of its own grid',
  async () => {
    const small = {
      training: { steps: 3, batchSize: 4, evaluateEvery: 1, seed: 3 },
      seeds: [3],
      study: {
        ranks: [1, 2],
        bottlenecks: [2],
        lengths: [1],
        dimensions: [4, 16],
        templates: [false],
        shots: [null, 2],
      },
    };
    specOf('small.json', small);
    for (const name of ['sensitivity', 'sequence', 'gap', 'combination', 'scale', 'intrinsic'] as const) {
      const done = await study(name, '--spec', 'small.json', '--out', 'all', '--json');
      expect(done.status, done.stderr).toBe(0);
      const { cells, failed, figures } = stored('all', name);
      expect([name, cells.missing, failed]).toEqual([name, 0, []]);
      expect(cells.done).toBeGreaterThan(3);
      expect(figures.length).toBeGreaterThan(1);
      for (const { id } of figures)
        expect(existsSync(place('all', 'figures', `${name}-${id}.csv`))).toBe(true);
    }
    const stages = rowsOf('all').find(
      ({ factors }) => factors.method === 'prompt → bitfit → adapter',
    )!.stages!;
    expect(stages).toHaveLength(3);
    const none = rowsOf('all').find(({ factors }) => factors.method === 'none')!;
    expect(none).toMatchObject({ steps: 0, status: 'done' });
  },
  TIMEOUT,
);

it.each([
  [
    ['nothing', '--spec', 'spec.json', '--out', 'x'],
    2,
    'there is no experiment "nothing"; choose one of performance',
  ],
  [['performance', '--spec', 'spec.json', '--out', 'x', '--seeds', '0'], 2, '--seeds'],
  [['performance', '--spec', 'none.json', '--out', 'x'], 1, 'there is no spec file none.json'],
  [
    ['performance', '--spec', 'spec.json', '--out', '.'],
    1,
    'no study; choose an empty or a new folder as --out',
  ],
  [['combination', '--spec', 'spec.json', '--out', 'x'], 1, 'data.template or data.verbalizer is missing'],
] as const)('refuses %j', async (args, status, message) => {
  const done = await study(...args);
  expect(done.stderr).toContain(message);
  expect(done.status).toBe(status);
  expect(existsSync(place('x'))).toBe(false);
});

it(
  'refuses a study of another version, and other data than it began with',
  async () => {
    const asked = ['performance', '--spec', 'spec.json', '--methods', 'head', '--seeds', '1', '--out'];
    expect((await study(...asked, 'kept')).status).toBe(0);
    const mark = read('kept', 'study.json');
    writeFileSync(place('kept', 'study.json'), mark.replace('"format": 2', '"format": 9'));
    expect((await study(...asked, 'kept')).stderr).toContain(
      'holds a study of another version (format 9, and this is 2)',
    );
    writeFileSync(place('kept', 'study.json'), mark);
    const train = read('train.tsv');
    writeFileSync(place('train.tsv'), `${train}the day\t1\n`);
    const other = await study(...asked, 'kept');
    writeFileSync(place('train.tsv'), train);
    expect(other.stderr).toContain('train.tsv has changed since the study in kept began');
    expect(other.status).toBe(1);
  },
  TIMEOUT,
);

it(
  'refuses a method that does not fit before the first run, by cell',
  async () => {
    const compare = [{ method: { type: 'head' } }, { method: { type: 'lora', targets: ['nowhere'] } }];
    specOf('unfit.json', { compare, seeds: [1, 2] });
    const done = await study('performance', '--spec', 'unfit.json', '--out', 'unfit');
    expect(done.status).toBe(1);
    expect(done.stderr).toMatch(/Cannot run: model · .* · lora · seed 1/);
    expect(done.stderr).toContain('and 1 more cell cannot run');
    expect(existsSync(place('unfit'))).toBe(false);
  },
  TIMEOUT,
);

it(
  'leaves out data that cannot be read, and says so',
  async () => {
    specOf('some.json', {
      data: undefined,
      datasets: [data, { ...data, name: 'gone', train: 'gone.tsv' }],
      seeds: [1],
    });
    const done = await study('performance', '--spec', 'some.json', '--out', 'some', '--methods', 'head');
    expect(done.status, done.stderr).toBe(0);
    expect(rowsOf('some').map(({ status }) => status)).toEqual(['done', 'refused']);
    expect(done.stderr).toContain('there is no file gone.tsv');
    // Once it is there the cell is done; with the same rows as the other it would be the same cell.
    const [head, ...rows] = readFileSync(place('train.tsv'), 'utf8').trimEnd().split('\n');
    writeFileSync(place('gone.tsv'), `${[head, ...rows.reverse()].join('\n')}\n`);
    const again = await study('performance', '--spec', 'some.json', '--out', 'some', '--methods', 'head');
    expect(again.stderr).toContain('2 cells, 1 done already, 1 run, ');
    expect(stored('some', 'performance')).toMatchObject({ cells: { done: 2, missing: 0 }, failed: [] });
  },
  TIMEOUT,
);
