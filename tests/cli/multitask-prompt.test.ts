/** A multitask prompt learned on two tasks, and what a third run makes of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsOf } from '../../src/graph/tensor.ts';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import type { EvaluateEvent, RunEvent } from '../../src/train/events.ts';
import { delta, makeProject } from '../support/cli.ts';

const TIMEOUT = 300_000;
const METHOD = { type: 'multitaskPrompt', virtualTokens: 2, rank: 2 };
const training = {
  steps: 8,
  batchSize: 4,
  evaluateEvery: 8,
  seed: 3,
  keepBest: false,
  optimizer: { learningRate: 0.5 },
};
let folder: string;

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

const run = async (name: string, spec: object) => {
  writeFileSync(
    path.join(folder, `${name}.json`),
    JSON.stringify({ model: { source: 'model', task: 'maskedLm' }, method: METHOD, training, ...spec }),
  );
  return delta(['train', '--spec', `${name}.json`, '--out', name, '--adapter', 'wasm'], folder);
};

/** Of the run's last evaluation. */
const loss = (name: string, of?: string) =>
  readFileSync(path.join(folder, name, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
    .findLast(
      (event): event is EvaluateEvent =>
        event.type === 'evaluate' && event.split === 'validation' && event.task === of,
    )!.metrics.loss;

const saved = (name: string) => {
  const file = readFileSync(path.join(folder, name, 'adapter/adapter_model.safetensors'));
  return new Map([...readSafetensors(file).tensors].map(([key, one]) => [key, [...floatsOf(one)]]));
};

/** One task from the prompts of both, as it starts. */
const target = (name: string, options: object) => {
  const { name: _, ...data } = tasks[1];
  return run(name, {
    data,
    method: { ...METHOD, init: 'source/adapter', ...options },
    training: { ...training, steps: 0 },
  });
};

describe('a multitask prompt', { timeout: TIMEOUT }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'delta-multitask-'));
    makeProject(folder, {}, 'bert-label-words');
    for (const [name, words] of [
      ['mood', ['poor', 'fine']],
      ['sky', ['long', 'plain']],
    ] as const) {
      const rows = Array.from(
        { length: 12 },
        (_, i) => `${words[i % 2]} film${' day'.repeat(i % 5)}\t${i % 2}`,
      );
      writeFileSync(path.join(folder, `${name}.tsv`), `text\tlabel\n${rows.join('\n')}\n`);
    }
    const { status, stderr } = await run('source', { tasks });
    expect(status, stderr).toBe(0);
  }, TIMEOUT);
  afterAll(() => rmSync(folder, { recursive: true, force: true }), TIMEOUT);

  it('lies in a folder as PEFT keeps it', () => {
    const config = JSON.parse(
      readFileSync(path.join(folder, 'source/adapter/adapter_config.json'), 'utf8'),
    ) as object;
    expect(config).toMatchObject({
      peft_type: 'MULTITASK_PROMPT_TUNING',
      num_tasks: 2,
      num_ranks: 2,
      num_virtual_tokens: 2,
    });
    expect([...saved('source').keys()].sort()).toEqual([
      'prefix_task_cols',
      'prefix_task_rows',
      'prompt_embeddings',
    ]);
    const columns = saved('source').get('prefix_task_cols')!;
    expect(columns.slice(0, 4)).not.toEqual(columns.slice(4));
  });

  it('starts a run of one task as the task that it is told ended', async () => {
    const exact = await target('exact', { initialization: 'exactSourceTask', sourceTask: 1 });
    expect(exact.status, exact.stderr).toBe(0);
    expect(loss('exact')).toBeCloseTo(loss('source', 'sky'), 5);
    const other = await target('other', { initialization: 'exactSourceTask', sourceTask: 0 });
    expect(other.status, other.stderr).toBe(0);
    expect(loss('other')).not.toBeCloseTo(loss('source', 'sky'), 5);
  });

  it('starts it from the mean of both, or from what they share', async () => {
    const { status, stderr } = await target('mean', { initialization: 'averageSourceTasks' });
    expect(status, stderr).toBe(0);
    const [source, mean] = [saved('source'), saved('mean')];
    for (const name of ['prefix_task_cols', 'prefix_task_rows']) {
      const both = source.get(name)!;
      const half = both.length / 2;
      mean.get(name)!.forEach((value, i) => expect(value).toBeCloseTo((both[i] + both[half + i]) / 2, 6));
      expect(mean.get(name)).toHaveLength(half);
    }
    const shared = await target('shared', { initialization: 'onlySourceShared' });
    expect(shared.status, shared.stderr).toBe(0);
    expect(saved('shared').get('prompt_embeddings')).toEqual(source.get('prompt_embeddings'));
    expect(saved('shared').get('prefix_task_cols')).not.toEqual(source.get('prefix_task_cols')!.slice(0, 4));
  });

  it.each([
    [{}, 'has 2 tasks where this run has 1; let method.initialization be averageSourceTasks'],
    [
      { initialization: 'exactSourceTask', sourceTask: 2 },
      'has 2 tasks, counted from 0, and method.sourceTask is 2',
    ],
    [{ initialization: 'averageSourceTasks', init: undefined }, 'method.init: missing'],
  ])('is refused with %j', async (options, message) => {
    const { status, stderr } = await target('refused', options);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});
