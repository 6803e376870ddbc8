/**
 * `delta study --export-scripts`: each cell as a Python script that starts where the studio starts and reads the same
 * batches. That PyTorch's losses are then the same is checked by `check_curves.py` (docs/study.md), for which Python
 * and its libraries are needed.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { delta, makeProject } from '../support/cli.ts';

const TIMEOUT = 600_000;
let folder: string;
const place = (...parts: string[]) => path.join(folder, ...parts);
const json = (...parts: string[]) => JSON.parse(readFileSync(place(...parts), 'utf8')) as unknown;
const study = (...args: string[]) =>
  delta(
    ['study', 'performance', '--spec', 'spec.json', '--out', 'out', ...args, '--adapter', 'wasm'],
    folder,
  );

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-scripts-'));
  makeProject(folder, {
    data: {
      train: 'train.tsv',
      validation: 'dev.csv',
      test: 0.3,
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 8,
    },
    compare: undefined,
    seeds: [5],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'writes what a cell starts from, its rows and their order, and runs nothing',
  async () => {
    const done = await study('--methods', 'lora,head,adapter', '--export-scripts', 'scripts', '--json');
    expect(done.status, done.stderr).toBe(0);
    const told = JSON.parse(done.stdout) as { scripts: number; without: { name: string; why: string }[] };
    expect(told.scripts).toBe(2);
    expect(told.without).toEqual([
      expect.objectContaining({
        name: expect.stringContaining('adapter · seed 5') as string,
        why: 'PEFT has no adapter as it is here',
      }),
    ]);
    expect(existsSync(place('out'))).toBe(false);

    const scripts = readdirSync(place('scripts')).filter((name) => name.startsWith('cell-'));
    expect(scripts).toHaveLength(2);
    const texts = new Map(scripts.map((name) => [name, readFileSync(place('scripts', name), 'utf8')]));
    const [, lora] = [...texts].find(([, text]) => text.includes('· lora · seed 5'))!;
    const [, head] = [...texts].find(([, text]) => text.includes('· head · seed 5'))!;
    const field = (text: string, name: string) => new RegExp(`^ {4}${name}=(.*),$`, 'm').exec(text)![1];
    const file = (text: string, name: string) => JSON.parse(field(text, name)) as string;
    const { training } = json('spec.json') as { training: { steps: number; batchSize: number } };
    expect(Number(field(lora, 'steps'))).toBe(training.steps);
    expect([field(lora, 'head_rate'), field(lora, 'head_parameters')]).toEqual(['None', '[]']);
    expect([field(lora, 'kind'), field(head, 'kind')]).toEqual(['"peft"', '"weights"']);

    // Both read the same rows in the same order, from files of their own names.
    expect([file(lora, 'data'), file(lora, 'order')]).toEqual([file(head, 'data'), file(head, 'order')]);
    const rows = json('scripts', file(lora, 'data')) as Record<string, { ids: number[]; label: number }[]>;
    const order = json('scripts', file(lora, 'order')) as number[][][];
    expect(order).toHaveLength(training.steps);
    expect(order.flat(2).every((row) => rows.train[row].ids.length > 2)).toBe(true);
    expect(order[0][0]).toHaveLength(training.batchSize);
    expect(order[0][0]).not.toEqual(order[0][0].map((_, i) => i));

    // The start is whole: LoRA's factors, of which the second is zero, and the fresh head.
    const tensors = (name: string, text: string) =>
      readSafetensors(readFileSync(place('scripts', file(text, 'start'), name))).tensors;
    const start = [...tensors('adapter_model.safetensors', lora)];
    const values = (part: string) =>
      start.filter(([name]) => name.includes(part)).map(([, { bytes }]) => bytes.some((byte) => byte !== 0));
    expect(new Set(values('lora_A'))).toEqual(new Set([true]));
    expect(new Set(values('lora_B'))).toEqual(new Set([false]));
    expect(json('scripts', file(lora, 'start'), 'adapter_config.json')).toMatchObject({ peft_type: 'LORA' });
    const trained = json('scripts', file(head, 'start'), 'trained.json') as string[];
    expect([...tensors('model.safetensors', head).keys()].sort()).toEqual([...trained].sort());

    const weights = readSafetensors(readFileSync(place('scripts', file(lora, 'model'), 'model.safetensors')));
    expect([...weights.tensors.keys()].some((name) => name.endsWith('word_embeddings.weight'))).toBe(true);
    expect(readFileSync(place('scripts', 'README.md'), 'utf8')).toContain(
      'PEFT has no adapter as it is here',
    );
    expect(json('scripts', 'ray_job.json')).toMatchObject({
      groups: [[expect.any(String)], [expect.any(String)], [expect.any(String)]],
    });

    const again = await study('--methods', 'head', '--export-scripts', 'scripts');
    expect(again.stderr).toContain('is not empty; choose an empty or a new folder for the scripts');
    expect(again.status).toBe(1);
  },
  TIMEOUT,
);

it(
  'names what of a cell is the head, where that has a rate of its own',
  async () => {
    const spec = json('spec.json') as { training: object };
    const training = { ...spec.training, optimizer: { headLearningRate: 0.004 } };
    writeFileSync(place('head.json'), JSON.stringify({ ...spec, training }));
    const done = await delta(
      ['study', 'performance', '--spec', 'head.json', '--methods', 'lora,bitfit', '--out', 'out'].concat([
        '--export-scripts',
        'of-heads',
        '--adapter',
        'wasm',
      ]),
      folder,
    );
    expect(done.status, done.stderr).toBe(0);
    const scripts = readdirSync(place('of-heads')).filter((name) => name.startsWith('cell-'));
    const heads = scripts.map((name) => {
      const text = readFileSync(place('of-heads', name), 'utf8');
      expect(text).toContain('head_rate=0.004,');
      return JSON.parse(/head_parameters=(.*),$/m.exec(text)![1]) as string[];
    });
    const of = (prefix: string): string[] => ['weight', 'bias'].map((name) => `${prefix}${name}`);
    expect(heads.sort()).toEqual([of('base_model.model.classifier.'), of('classifier.')]);
  },
  TIMEOUT,
);
