/** A tiny T5 through the command line: free targets, and label words ranked and generated. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { delta } from '../support/cli.ts';
import { tinyT5 } from '../support/tiny-t5.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'delta-t5-'));
  mkdirSync(path.join(root, 'model'));
  for (const [name, bytes] of tinyT5()) writeFileSync(path.join(root, 'model', name), bytes);
  const rows = Array.from({ length: 8 }, (_, i) => ({
    source: i % 2 === 0 ? 'the sun was good' : 'the rain was bad',
    target: i % 2 === 0 ? ['short tale of sun', 'tale of the sun'] : ['long tale of rain'],
    label: i % 2,
  }));
  writeFileSync(path.join(root, 'train.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
});

function spec(name: string, data: object, more: object = {}): string {
  const file = path.join(root, `${name}.json`);
  const whole = {
    model: { source: 'model', task: 'text2text' },
    data: { train: 'train.jsonl', validation: 'train.jsonl', maxLength: 8, maxTargetLength: 8, ...data },
    method: { type: 'lora', rank: 2 },
    training: { steps: 4, batchSize: 4, evaluateEvery: 4, seed: 1, optimizer: { learningRate: 1e-2 } },
    ...more,
  };
  writeFileSync(file, JSON.stringify(whole));
  return file;
}

const evaluations = (out: string): Record<string, number>[] =>
  readFileSync(path.join(root, out, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; split?: string; metrics: Record<string, number> })
    .filter(({ type, split }) => type === 'evaluate' && split === 'validation')
    .map(({ metrics }) => metrics);

// Three calls of the command line.
describe('delta for text to text', { timeout: 180_000 }, () => {
  it('trains, measures loss and generated texts, writes texts', async () => {
    const file = spec('free', { columns: { text: ['source'], target: 'target' } });
    const out = path.join(root, 'free');
    const trained = await delta(['train', '--spec', file, '--out', out], root);
    expect(trained.status, trained.stderr).toBe(0);
    const [before, after] = evaluations('free');
    expect(after.loss).toBeLessThan(before.loss);
    expect(after.perplexity).toBeCloseTo(Math.exp(after.loss), 9);
    expect(Object.keys(after).sort()).toEqual(
      ['bleu', 'chrf', 'exactMatch', 'loss', 'perplexity', 'rouge1', 'rouge2', 'rougeL', 'tokenF1'].sort(),
    );
    const evaluated = await delta(
      ['evaluate', '--run', out, '--data', path.join(root, 'train.jsonl'), '--json'],
      root,
    );
    expect(evaluated.status, evaluated.stderr).toBe(0);
    const result = JSON.parse(evaluated.stdout) as {
      metrics: Record<string, number>;
      intervals: Record<string, [number, number]>;
    };
    expect(result.metrics.loss).toBeCloseTo(after.loss, 4);
    expect(result.metrics.rougeL).toBeCloseTo(after.rougeL, 6);
    expect(Object.keys(result.intervals)).toContain('rougeL');
    const predicted = await delta(['predict', '--run', out, '--text', 'the sun was good', '--json'], root);
    expect(predicted.status, predicted.stderr).toBe(0);
    const { predictions } = JSON.parse(predicted.stdout) as { predictions: { generated: string }[] };
    expect(typeof predictions[0].generated).toBe('string');
    const config = JSON.parse(readFileSync(path.join(out, 'adapter/adapter_config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ peft_type: 'LORA', task_type: 'SEQ_2_SEQ_LM' });
    const exported = await delta(
      ['export', '--run', out, '--format', 'onnx', '--out', path.join(root, 'onnx'), '--json'],
      root,
    );
    expect(exported.status, exported.stderr).toBe(0);
    expect((JSON.parse(exported.stdout) as { difference: number }).difference).toBeLessThan(1e-4);
  });

  it('ranks label words and generates them', async () => {
    const data = {
      columns: { text: ['source'], label: 'label' },
      template: '{text} say',
      verbalizer: { 0: 'good', 1: 'bad' },
      fewShot: 3,
    };
    const trained = await delta(
      ['train', '--spec', spec('words', data), '--out', path.join(root, 'words')],
      root,
    );
    expect(trained.status, trained.stderr).toBe(0);
    const [before, after] = evaluations('words');
    expect(after.loss).toBeLessThan(before.loss);
    expect(Object.keys(after).sort()).toEqual(['accuracy', 'exactMatch', 'f1', 'loss', 'matthews']);

    // What it predicts for the two texts there are makes the accuracy that it is evaluated to.
    const run = path.join(root, 'words');
    const evaluated = await delta(['evaluate', '--run', run, '--data', 'train.jsonl', '--json'], root);
    const { metrics } = JSON.parse(evaluated.stdout) as { metrics: Record<string, number> };
    const texts = ['--text', 'the sun was good', '--text', 'the rain was bad'];
    const { stdout, stderr } = await delta(['predict', '--run', run, ...texts, '--json'], root);
    const { predictions } = JSON.parse(stdout) as {
      predictions: { label: string; probabilities: Record<string, number>; generated: string }[];
    };
    const right = predictions.filter(({ label }, i) => label === String(i)).length;
    expect(right / 2, stderr).toBe(metrics.accuracy);
    for (const { probabilities, generated } of predictions) {
      expect(probabilities[0] + probabilities[1]).toBeCloseTo(1, 6);
      expect(typeof generated).toBe('string');
    }
  });

  it('refuses a model that writes nothing', async () => {
    const file = spec('bert', {}, { model: { source: 'builtin:bert-l4-h128', task: 'text2text' } });
    const { status, stderr } = await delta(['train', '--spec', file, '--out', path.join(root, 'no')], root);
    expect(status).toBe(1);
    expect(stderr).toContain('builtin:bert-l4-h128 has no decoder to write a text with; choose a T5');
  });

  it('takes an adapter to a task with other words, without a step', async () => {
    const columns = { text: ['source'], label: 'label' };
    const run = (name: string, verbalizer: object, more: object) =>
      delta(
        ['train', '--spec', spec(name, { columns, verbalizer }, more), '--out', path.join(root, name)],
        root,
      );
    const training = { steps: 0, batchSize: 4, evaluateEvery: 4, seed: 1 };
    const method = { type: 'lora', rank: 2, init: path.join(root, 'source/adapter') };
    const runs = [
      await run('source', { 0: 'good', 1: 'bad' }, {}),
      await run('moved', { 0: 'sun', 1: 'rain' }, { method, training }),
      await run('untuned', { 0: 'sun', 1: 'rain' }, { training }),
    ];
    for (const { status, stderr } of runs) expect(status, stderr).toBe(0);
    expect(evaluations('moved')[0].loss).not.toBe(evaluations('untuned')[0].loss);
  });

  it('trains one delta on several tasks, each with its own words', async () => {
    const columns = { text: ['source'], label: 'label' };
    const shared = { train: 'train.jsonl', validation: 'train.jsonl', maxLength: 8, maxTargetLength: 8 };
    const tasks = [
      { name: 'mood', ...shared, columns, template: '{text} say', verbalizer: { 0: 'good', 1: 'bad' } },
      { name: 'sky', ...shared, columns, verbalizer: { 0: 'sun', 1: 'rain' } },
      { name: 'tale', ...shared, columns: { text: ['source'], target: 'target' } },
    ];
    const write = (name: string, list: object[]) => {
      const file = spec(name, {});
      const { data: _, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify({ ...rest, tasks: list }));
      return file;
    };
    const out = path.join(root, 'tasks');
    const trained = await delta(['train', '--spec', write('tasks', tasks), '--out', out], root);
    expect(trained.status, trained.stderr).toBe(0);
    const record = JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8')) as {
      spec: { training: { metric: string } };
      summary: { tasks: { name: string; scores: { validation: Record<string, number> } }[] };
    };
    // What is classified and what is written freely have the loss in common.
    expect(record.spec.training.metric).toBe('loss');
    const scores = record.summary.tasks.map(({ scores: { validation } }) => validation);
    expect(scores[0]).toHaveProperty('accuracy');
    expect(scores[2]).toHaveProperty('rougeL');
    const ask = ['--text', 'the sun was good', '--task', 'sky', '--json'];
    const told = await delta(['predict', '--run', out, ...ask], root);
    const { predictions } = JSON.parse(told.stdout) as { predictions: { probabilities: object }[] };
    expect(Object.keys(predictions[0].probabilities)).toEqual(['0', '1']);
    const clash = [tasks[1], { ...tasks[1], name: 'other', verbalizer: { 0: 'rain', 1: 'sun' } }];
    const refused = await delta(
      ['train', '--spec', write('clash', clash), '--out', path.join(root, 'clash')],
      root,
    );
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /tasks\[1\]\.verbalizer: .*words that do not clash: "rain" stands for "0" here and for "1"/,
    );
  });
});

/** Prompts put before what the encoder reads; each task has plans, texts and scores of its own. */
describe('several tasks of a T5', { timeout: 240_000 }, () => {
  const own = { validation: 'train.jsonl', maxLength: 8, maxTargetLength: 8 };
  const tasks = [
    { name: 'tale', train: 'train.jsonl', columns: { text: ['source'], target: 'target' }, ...own },
    {
      name: 'label',
      train: 'train.jsonl',
      columns: { text: ['source'], label: 'label' },
      template: '{text} say',
      verbalizer: { 0: 'good', 1: 'bad' },
      ...own,
    },
  ];
  const training = {
    steps: 8,
    batchSize: 4,
    evaluateEvery: 8,
    seed: 1,
    keepBest: false,
    optimizer: { learningRate: 0.3 },
  };
  const method = { type: 'multitaskPrompt', virtualTokens: 2, rank: 2 };
  const train = async (out: string, more: object): Promise<void> => {
    const file = spec(out, {}, { data: undefined, method, training, ...more });
    const { status, stderr } = await delta(['train', '--spec', file, '--out', path.join(root, out)], root);
    expect(status, stderr).toBe(0);
  };
  const losses = (out: string): Record<string, number[]> => {
    const found: Record<string, number[]> = {};
    for (const line of readFileSync(path.join(root, out, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')) {
      const event = JSON.parse(line) as {
        type: string;
        split?: string;
        task?: string;
        metrics: { loss: number };
      };
      if (event.type === 'evaluate' && event.split === 'validation')
        (found[event.task ?? 'mean'] ??= []).push(event.metrics.loss);
    }
    return found;
  };

  it('train a multitask prompt, which answers each and starts another run where one of them ended', async () => {
    await train('multitask', { tasks });
    const found = losses('multitask');
    for (const name of ['tale', 'label']) expect(found[name][1]).toBeLessThan(found[name][0]);
    for (const [i, name] of ['tale', 'label'].entries()) {
      const args = ['--run', path.join(root, 'multitask'), '--task', name, '--json'];
      const evaluated = await delta(['evaluate', '--data', path.join(root, 'train.jsonl'), ...args], root);
      expect(evaluated.status, evaluated.stderr).toBe(0);
      const { metrics } = JSON.parse(evaluated.stdout) as { metrics: { loss: number } };
      expect(metrics.loss).toBeCloseTo(found[name][1], 4);
      const written = await delta(['predict', '--text', 'the sun was good', ...args], root);
      expect(written.status, written.stderr).toBe(0);
      expect(written.stdout).toContain(i === 0 ? 'generated' : 'good');
    }
    const { name: _, ...data } = tasks[0];
    const start = { init: 'multitask/adapter', initialization: 'exactSourceTask', sourceTask: 0 };
    await train('target', { data, method: { ...method, ...start }, training: { ...training, steps: 0 } });
    expect(losses('target').mean.at(-1)).toBeCloseTo(found.tale[1], 4);
  });

  it('train a point of the subspace that the prompts of both span', async () => {
    const { name: _, ...data } = tasks[1];
    const subspace = { type: 'ipt', prompts: ['multitask/adapter'], decoderHiddenSize: 4 };
    await train('subspace', { data, method: subspace });
    const { mean } = losses('subspace');
    expect(mean[1]).toBeLessThan(mean[0]);
    const { spec: completed } = JSON.parse(readFileSync(path.join(root, 'subspace/run.json'), 'utf8')) as {
      spec: { method: object };
    };
    expect(completed.method).toMatchObject({ dimension: 1, virtualTokens: 2 });
    const predicted = await delta(
      ['predict', '--run', path.join(root, 'subspace'), '--text', 'the rain was bad', '--json'],
      root,
    );
    expect(predicted.status, predicted.stderr).toBe(0);
  });
});
