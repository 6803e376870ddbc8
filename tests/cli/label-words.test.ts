/** A fill-mask model that answers by label words, through the command line: zero-shot, few-shot, by name. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { delta } from '../support/cli.ts';

const ORACLE = fileURLToPath(new URL('../oracle/bert-label-words/', import.meta.url));
const WORDS = ['the', 'film', 'was', 'good', 'bad', 'it', 'day', 'sun', 'rain', 'cold'];

let root: string;

/** A folder with the tiny export, a vocabulary, two classes that a word tells apart, and a spec. */
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'delta-words-'));
  mkdirSync(path.join(root, 'model'));
  for (const name of ['model.onnx', 'config.json'])
    copyFileSync(path.join(ORACLE, name), path.join(root, 'model', name));
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...WORDS];
  writeFileSync(path.join(root, 'model/vocab.txt'), `${vocabulary.join('\n')}\n`);
  const rows = Array.from({ length: 12 }, (_, i) =>
    i % 2 === 0 ? `the sun day film film film film${' film'.repeat(i)}\t1` : 'the cold rain\t0',
  );
  writeFileSync(path.join(root, 'train.tsv'), `text\tlabel\n${rows.join('\n')}\n`);
});

function spec(name: string, patch: { data?: object; training?: object; method?: object } = {}): string {
  const file = path.join(root, `${name}.json`);
  const whole = {
    model: { source: 'model', task: 'maskedLm' },
    data: {
      train: 'train.tsv',
      validation: 'train.tsv',
      template: '{text} it was [SEP] {mask}',
      verbalizer: { 0: 'bad', 1: 'good' },
      maxLength: 12,
      ...patch.data,
    },
    method: { type: 'lora', rank: 2, ...patch.method },
    training: { steps: 6, batchSize: 4, evaluateEvery: 3, seed: 1, ...patch.training },
  };
  writeFileSync(file, JSON.stringify(whole));
  return file;
}

interface Event {
  type: string;
  split?: string;
  task?: string;
  step?: number;
  metrics?: Record<string, number>;
}

const events = (out: string): Event[] =>
  readFileSync(path.join(root, out, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);

// Three to four calls of the command line each.
describe('delta with label words', { timeout: 180_000 }, () => {
  it('trains on a few rows a class, evaluates and predicts', async () => {
    const file = spec('few', { data: { fewShot: 4 }, training: { optimizer: { learningRate: 2e-2 } } });
    const trained = await delta(['train', '--spec', file, '--out', path.join(root, 'few')], root);
    expect(trained.status, trained.stderr).toBe(0);
    expect(trained.stderr).toContain('answers, by one word for each of "0", "1".');
    expect(trained.stderr).toMatch(/\d of 12 rows were cut to 12 tokens/);
    const evaluations = events('few').filter(
      ({ type, split }) => type === 'evaluate' && split === 'validation',
    );
    expect(evaluations.map(({ step }) => step)).toEqual([0, 3, 6]);
    expect(evaluations[2].metrics!.loss).toBeLessThan(evaluations[0].metrics!.loss);

    const evaluated = await delta(
      ['evaluate', '--run', path.join(root, 'few'), '--data', path.join(root, 'train.tsv'), '--json'],
      root,
    );
    const { metrics, rows } = JSON.parse(evaluated.stdout) as {
      metrics: Record<string, number>;
      rows: number;
    };
    expect(rows).toBe(12);
    const best = Math.max(...evaluations.map(({ metrics: m }) => m!.accuracy));
    expect(metrics.accuracy).toBeCloseTo(best, 6);

    const predicted = await delta(
      ['predict', '--run', path.join(root, 'few'), '--text', 'the cold rain', '--json'],
      root,
    );
    const { predictions } = JSON.parse(predicted.stdout) as {
      predictions: { label: string; probabilities: Record<string, number> }[];
    };
    expect(Object.keys(predictions[0].probabilities)).toEqual(['0', '1']);

    const onnx = ['--format', 'onnx', '--out', path.join(root, 'onnx'), '--json'];
    const exported = await delta(['export', '--run', path.join(root, 'few'), ...onnx], root);
    expect(exported.status, exported.stderr).toBe(0);
    expect((JSON.parse(exported.stdout) as { difference: number }).difference).toBeLessThan(1e-4);
  });

  it('measures the model as it comes, in no steps', async () => {
    const zero = spec('zero', { training: { steps: 0 } });
    const trained = await delta(['train', '--spec', zero, '--out', path.join(root, 'zero')], root);
    expect(trained.status, trained.stderr).toBe(0);
    expect(events('zero').map(({ type }) => type)).toEqual([
      ...['start', 'memory', 'evaluate', 'evaluate', 'answers', 'end'],
    ]);
  });

  it('takes an adapter to other label words, trained or as it is', async () => {
    const run = (name: string, patch: Parameters<typeof spec>[1]) =>
      delta(['train', '--spec', spec(name, patch), '--out', path.join(root, name)], root);
    const rate = { optimizer: { learningRate: 2e-2 } };
    await run('sunny', { training: rate });
    const method = { init: path.join(root, 'sunny/adapter') };
    const words = { template: 'it was {mask} day {text}', verbalizer: { 1: 'sun', 0: 'cold' } };
    const untuned = await run('other-untuned', { data: words, training: { steps: 0 } });
    const moved = await run('other', { data: words, method, training: { steps: 0 } });
    const same = await run('same', { method, training: { steps: 0 } });
    for (const { status, stderr } of [untuned, moved, same]) expect(status, stderr).toBe(0);
    const first = (name: string) => events(name).find(({ type }) => type === 'evaluate')!.metrics!;
    const record = readFileSync(path.join(root, 'sunny/run.json'), 'utf8');
    const { adapterStep } = JSON.parse(record) as { adapterStep: number };
    const kept = events('sunny').find(
      ({ step, split }) => step === adapterStep && split === 'validation',
    )!.metrics!;
    expect(first('same').loss).toBe(kept.loss);
    expect(first('other').loss).not.toBe(first('other-untuned').loss);
    expect(moved.stderr).not.toContain('brings');
  });

  it('answers several tasks by the words of each, as alone before the first step', async () => {
    const shared = { train: 'train.tsv', validation: 'train.tsv', maxLength: 12 };
    const one = { ...shared, template: '{text} it was [SEP] {mask}', verbalizer: { 0: 'bad', 1: 'good' } };
    const other = { ...shared, template: 'it was {mask} day {text}', verbalizer: { 1: 'sun', 0: 'cold' } };
    const first = (name: string, task?: string) =>
      events(name).find((event) => event.type === 'evaluate' && event.task === task)!.metrics!;
    for (const [name, data] of [
      ['one', one],
      ['other-alone', other],
    ] as const) {
      const file = spec(name, { data, training: { steps: 0 } });
      await delta(['train', '--spec', file, '--out', path.join(root, name)], root);
    }
    const file = spec('words', {});
    const { data: _, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const tasks = [
      { name: 'mood', ...one },
      { name: 'sky', ...other },
    ];
    writeFileSync(file, JSON.stringify({ ...rest, tasks }));
    const out = path.join(root, 'words');
    const trained = await delta(['train', '--spec', file, '--out', out], root);
    expect(trained.status, trained.stderr).toBe(0);
    expect(first('words', 'mood').loss).toBeCloseTo(first('one').loss, 5);
    expect(first('words', 'sky').loss).toBeCloseTo(first('other-alone').loss, 5);
    const data = path.join(root, 'train.tsv');
    const found = await delta(['evaluate', '--run', out, '--data', data, '--task', 'sky', '--json'], root);
    expect(found.status, found.stderr).toBe(0);
  });

  it('refuses a word of several tokens before anything trains', async () => {
    const file = spec('word', { data: { verbalizer: { 0: 'bad', 1: 'sunny' } } });
    const { status, stderr } = await delta(['train', '--spec', file, '--out', path.join(root, 'word')], root);
    expect(status).toBe(1);
    expect(stderr).toContain(
      'data.verbalizer.1: got "sunny", which the vocabulary does not know; choose a word that is one token such as ' +
        '"good", "bad".',
    );
  });
});
