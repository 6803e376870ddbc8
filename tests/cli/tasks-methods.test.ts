/**
 * Every method of the catalogue on two tasks, through the command line: trained with a head each and with label words,
 * scored, written and read again by task; with heads also exported, started from, and taken up in the middle.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METHOD_TYPES, type MethodType } from '../../src/deltas/defaults.ts';
import type { EvaluateEvent, RunEvent, StepEvent } from '../../src/train/events.ts';
import { delta, makeProject, type CliOptions } from '../support/cli.ts';
import { writePrompts } from '../support/prompts.ts';
import { SMALL_OPTIONS } from '../support/small-methods.ts';
import { folderText } from '../support/folder-text.ts';

const training = { steps: 8, batchSize: 4, evaluateEvery: 4, seed: 3, keepBest: false };

interface Kind {
  folder: string;
  base: Record<string, unknown>;
  /** Rows that each task is read again on. */
  files: Readonly<Record<string, string>>;
}

const TIMEOUT = 300_000;

const roots: string[] = [];
afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })), TIMEOUT);

/** Two tasks of three and two classes, with heads. */
function withHeads(): Kind {
  const folder = mkdtempSync(path.join(tmpdir(), 'delta-each-'));
  const { data, ...base } = JSON.parse(readFileSync(makeProject(folder), 'utf8')) as Record<string, object>;
  for (const file of ['train.tsv', 'dev.csv']) {
    const rows = readFileSync(path.join(folder, file), 'utf8').split('\n');
    writeFileSync(path.join(folder, `two-${file}`), rows.filter((row) => !/[\t,]2$/.test(row)).join('\n'));
  }
  const tasks = [
    { ...data, name: 'three' },
    { ...data, name: 'two', train: 'two-train.tsv', validation: 'two-dev.csv' },
  ];
  return { folder, base: { ...base, tasks }, files: { three: 'dev.csv', two: 'two-dev.csv' } };
}

/** Two tasks of two classes, answered by words of a fill-mask model. */
function withWords(): Kind {
  const folder = mkdtempSync(path.join(tmpdir(), 'delta-each-words-'));
  makeProject(folder, {}, 'bert-label-words');
  const rows = (words: readonly string[]) =>
    Array.from({ length: 12 }, (_, i) => `${words[i % 2]} film${' day'.repeat(i % 5)}\t${i % 2}`);
  for (const [name, words] of [
    ['mood', ['poor', 'fine']],
    ['sky', ['long', 'plain']],
  ] as const)
    writeFileSync(path.join(folder, `${name}.tsv`), `text\tlabel\n${rows(words).join('\n')}\n`);
  const task = (name: string, template: string, words: readonly string[]) => ({
    name,
    train: `${name}.tsv`,
    validation: `${name}.tsv`,
    template,
    verbalizer: { 0: words[0], 1: words[1] },
    maxLength: 14,
  });
  const tasks = [
    task('mood', '{text} was [SEP] {mask}', ['sad', 'happy']),
    task('sky', 'the {mask} day {text}', ['awful', 'great']),
  ];
  const base = { model: { source: 'model', task: 'maskedLm' }, tasks };
  return { folder, base, files: { mood: 'mood.tsv', sky: 'sky.tsv' } };
}

const events = (folder: string, name: string): RunEvent[] =>
  readFileSync(path.join(folder, name, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);

const losses = (folder: string, name: string) =>
  events(folder, name)
    .filter((event): event is StepEvent => event.type === 'step')
    .map(({ step, task, loss }) => ({ step, task, loss }));

describe.each([
  ['a head each', withHeads],
  ['label words', withWords],
] as const)('two tasks with %s', { timeout: TIMEOUT }, (what, make) => {
  let kind: Kind;
  beforeAll(async () => {
    kind = make();
    roots.push(kind.folder);
    for (const [i, name] of ['first', 'second'].entries()) {
      const method = { type: 'adapter', bottleneck: 3 + i, placement: 'pfeiffer' };
      const own = { ...training, steps: 4, evaluateEvery: 0, seed: i };
      writeFileSync(
        path.join(kind.folder, `${name}.json`),
        JSON.stringify({ ...kind.base, method, training: own }),
      );
      await run(['train', '--spec', `${name}.json`, '--out', name]);
    }
  }, TIMEOUT);

  /** A command that must succeed. */
  async function run(args: readonly string[], options: CliOptions = {}): Promise<string> {
    const { status, stdout, stderr } = await delta([...args, '--adapter', 'wasm'], kind.folder, options);
    expect(status, stderr).toBe(0);
    return stdout;
  }

  function spec(type: MethodType, init?: string): string {
    const name = `${type}${init === undefined ? '' : '-again'}.json`;
    const prompts = type === 'ipt' ? { prompts: writePrompts(kind.folder, 3, 2, 32) } : {};
    const start = init === undefined ? prompts : { init };
    const method = { type, ...SMALL_OPTIONS[type], ...start };
    const over = init === undefined ? {} : { steps: 0 };
    writeFileSync(
      path.join(kind.folder, name),
      JSON.stringify({ ...kind.base, method, training: { ...training, ...over } }),
    );
    return name;
  }

  it.each(METHOD_TYPES)('train %s', async (type) => {
    const { folder, files } = kind;
    const file = spec(type);
    await run(['train', '--spec', file, '--out', type]);
    const told = events(folder, type);
    const scores = told.filter(
      (event): event is EvaluateEvent => event.type === 'evaluate' && event.split === 'validation',
    );
    // Both tasks are trained: their steps are theirs, and neither scores as it did at the start.
    expect(new Set(losses(folder, type).map(({ task }) => task))).toEqual(new Set(Object.keys(files)));
    for (const task of Object.keys(files)) {
      const own = scores.filter((event) => event.task === task).map(({ metrics }) => metrics.loss);
      expect(own).toHaveLength(3);
      expect(own.every(Number.isFinite)).toBe(true);
      expect(own[2]).not.toBe(own[0]);
    }
    const memory = told.find((event) => event.type === 'memory')!;
    expect(memory.allocated).toEqual(memory.predicted);

    // What lies in files scores by task as the run did.
    for (const [task, data] of Object.entries(files)) {
      const read = await run(['evaluate', '--run', type, '--data', data, '--task', task, '--json']);
      const last = scores.findLast((event) => event.task === task)!;
      expect((JSON.parse(read) as { metrics: { loss: number } }).metrics.loss).toBeCloseTo(
        last.metrics.loss,
        5,
      );
    }
    // Words are the model's own: what follows of a delta's files is the same with either.
    if (what === 'label words') return;
    const onnx = ['--format', 'onnx', '--out', `${type}-onnx`, '--json'];
    const exported = await run(['export', '--run', type, '--task', Object.keys(files)[1], ...onnx]);
    expect((JSON.parse(exported) as { difference: number }).difference).toBeLessThan(1e-4);

    // A later run starts from it, heads included.
    await run(['train', '--spec', spec(type, `${type}/adapter`), '--out', `${type}-again`]);
    const again = events(folder, `${type}-again`).filter(
      (event): event is EvaluateEvent => event.type === 'evaluate' && event.split === 'validation',
    );
    for (const { task, metrics } of again)
      expect(metrics.loss).toBeCloseTo(scores.findLast((event) => event.task === task)!.metrics.loss, 5);

    // Ended in the middle it goes on as it would have.
    const parts = `${type}-parts`;
    await delta(['train', '--spec', file, '--out', parts, '--adapter', 'wasm'], folder, {
      interruptAfter: /validation at step 4/,
    });
    expect(losses(folder, parts).length).toBeLessThan(training.steps);
    await run(['train', '--resume', parts]);
    expect(losses(folder, parts)).toEqual(losses(folder, type));
    expect(folderText(path.join(folder, parts, 'adapter'))).toEqual(
      folderText(path.join(folder, type, 'adapter')),
    );
  });
});
