/** Methods together and in turn, from the spec to the files and back. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsOf } from '../../src/graph/tensor.ts';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { delta, makeProject, type CliResult } from '../support/cli.ts';

const TIMEOUT = 600_000;
const LORA = { type: 'lora', rank: 2, alpha: 4 };
const training = { steps: 4, batchSize: 4, evaluateEvery: 2, seed: 3, metric: 'loss' };
let folder: string;

const at = (...parts: string[]) => path.join(folder, ...parts);
const json = (...parts: string[]) =>
  JSON.parse(readFileSync(at(...parts), 'utf8')) as Record<string, unknown>;
const eventsOf = (...parts: string[]) =>
  readFileSync(at(...parts, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
const read = (...parts: string[]) => readSafetensors(new Uint8Array(readFileSync(at(...parts))));

/** Metrics of `delta evaluate` on the validation rows. */
async function evaluated(run: string, data: string): Promise<Record<string, number>> {
  const { stdout, stderr } = await delta(['evaluate', '--run', run, '--data', data, '--json'], folder);
  expect(stderr).not.toMatch(/^delta: /m);
  return (JSON.parse(stdout) as { metrics: Record<string, number> }).metrics;
}

const lastLine = ({ stderr }: CliResult) => stderr.trimEnd().split('\n').at(-1);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-combined-'));
  makeProject(at('both'), { method: [LORA, { type: 'bitfit' }], training });
  makeProject(at('turn'), {
    method: undefined,
    stages: [LORA, { method: [{ type: 'adapter', bottleneck: 4 }, LORA], training: { steps: 3 } }],
    training,
  });
  for (const name of ['both', 'turn'])
    expect(
      await delta(['train', '--spec', `${name}/spec.json`, '--out', `${name}/run`], folder),
    ).toMatchObject({
      status: 0,
    });
}, TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('methods combined', () => {
  it('lie in a folder each, the head once, in the first', () => {
    const hash = (json('both', 'run', 'run.json').model as { hash: string }).hash;
    const lora = read('both', 'run', 'adapter', '0-lora', 'adapter_model.safetensors');
    const bitfit = read('both', 'run', 'adapter', '1-bitfit', 'model.safetensors');
    expect(lora.metadata.base_model_hash).toBe(hash);
    expect(bitfit.metadata.base_model_hash).toBe(hash);
    expect(lora.tensors.has('base_model.model.classifier.weight')).toBe(true);
    expect([...bitfit.tensors.keys()].some((name) => name.includes('classifier'))).toBe(false);
    expect([...bitfit.tensors.keys()].every((name) => name.endsWith('bias'))).toBe(true);
    expect(json('both', 'run', 'adapter', 'delta_config.json')).toMatchObject({
      format: 1,
      folders: ['0-lora', '1-bitfit'],
      base: { hash, source: 'model' },
    });
    expect(json('both', 'run', 'adapter', '1-bitfit', 'delta_config.json')).toEqual({
      format: 1,
      method: { type: 'bitfit' },
      base: { hash, source: 'model' },
    });
  });

  it('learn at the smaller rate', () => {
    const [first] = eventsOf('both', 'run').filter((event) => event.type === 'step');
    expect(first.learningRate).toBe(5e-3);
  });

  it(
    'evaluate to what they were kept for, and predict',
    async () => {
      const { summary } = json('both', 'run', 'run.json') as {
        summary: { best: { step: number; value: number } };
      };
      expect(summary.best.step).toBeGreaterThan(0);
      expect((await evaluated('both/run', 'both/dev.csv')).loss).toBeCloseTo(summary.best.value, 5);
      const { status, stdout } = await delta(
        ['predict', '--run', 'both/run', '--text', 'a fine day', '--json'],
        folder,
      );
      expect(status).toBe(0);
      expect((JSON.parse(stdout) as { predictions: unknown[] }).predictions).toHaveLength(1);
    },
    TIMEOUT,
  );

  it(
    'start from a folder each',
    async () => {
      const adapter = at('both', 'run', 'adapter');
      makeProject(at('again'), {
        method: [
          { type: 'bitfit', init: path.join(adapter, '1-bitfit') },
          { ...LORA, init: path.join(adapter, '0-lora') },
        ],
        training,
      });
      expect((await delta(['train', '--spec', 'again/spec.json', '--out', 'again/run'], folder)).status).toBe(
        0,
      );
      const start = eventsOf('again', 'run').find((event) => event.type === 'evaluate')!;
      const { summary } = json('both', 'run', 'run.json') as { summary: { best: { value: number } } };
      expect(start.metrics.loss).toBeCloseTo(summary.best.value, 5);
    },
    TIMEOUT,
  );

  it(
    'take part in a comparison and are planned to the byte',
    async () => {
      makeProject(at('compare'), {
        method: undefined,
        training: { ...training, steps: 2 },
        compare: [{ method: [LORA, { type: 'ia3' }] }, { method: LORA }],
      });
      const compared = await delta(
        ['compare', '--spec', 'compare/spec.json', '--out', 'compare/out'],
        folder,
      );
      expect(compared.status).toBe(0);
      const { runs } = json('compare', 'out', 'summary.json') as { runs: { method: string }[] };
      expect(runs.map(({ method }) => method)).toEqual(['lora+ia3', 'lora']);
      const memory = eventsOf('compare', 'out', 'lora+ia3')[1];
      const { stdout } = await delta(['plan', '--spec', 'compare/spec.json', '--json'], folder);
      const { rows } = JSON.parse(stdout) as { rows: { predicted: unknown }[] };
      expect(memory).toMatchObject({ predicted: rows[0].predicted, allocated: rows[0].predicted });
    },
    TIMEOUT,
  );
});

describe('stages', () => {
  it('count steps on, and each starts where the one before was best', () => {
    const events = eventsOf('turn', 'run');
    const steps = events.filter((event) => event.type === 'step');
    expect(steps.map(({ step, stage }) => [step, stage])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 2],
      [6, 2],
      [7, 2],
    ]);
    const change = events.find((event) => event.type === 'stage')!;
    expect(change).toMatchObject({ stage: 1, reason: 'completed', step: 4, best: { metric: 'loss' } });
    expect(change.best!.step).toBeGreaterThan(0);
    const start = events.find((event) => event.type === 'evaluate' && event.stage === 2);
    if (start?.type !== 'evaluate') throw new Error('stage 2 did not evaluate');
    expect(start.step).toBe(4);
    expect(start.metrics.loss).toBeCloseTo(change.best!.value, 6);
    expect(events.filter((event) => event.type === 'end')).toHaveLength(1);
    const { summary } = json('turn', 'run', 'run.json') as { summary: { steps: number; stages: unknown[] } };
    expect(summary.steps).toBe(7);
    expect(summary.stages).toHaveLength(2);
  });

  it(
    'leave a folder each, and are used together',
    async () => {
      const first = read('turn', 'run', 'adapter', 'stage-1', 'adapter_model.safetensors').tensors;
      const second = read('turn', 'run', 'adapter', 'stage-2', '1-lora', 'adapter_model.safetensors').tensors;
      const name = 'base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.weight';
      expect(floatsOf(first.get(name)!)).not.toEqual(floatsOf(second.get(name)!));
      const { summary } = json('turn', 'run', 'run.json') as { summary: { best: { value: number } } };
      expect((await evaluated('turn/run', 'turn/dev.csv')).loss).toBeCloseTo(summary.best.value, 5);
    },
    TIMEOUT,
  );

  it(
    'give the same losses to a model that a stage made of other weights',
    async () => {
      // Stage 1 trains weights of the model itself: stage 2 must not read the base model's.
      makeProject(at('full'), { method: undefined, stages: [{ type: 'full' }, LORA], training });
      expect((await delta(['train', '--spec', 'full/spec.json', '--out', 'full/run'], folder)).status).toBe(
        0,
      );
      const events = eventsOf('full', 'run');
      const change = events.find((event) => event.type === 'stage')!;
      const start = events.find((event) => event.type === 'evaluate' && event.stage === 2);
      expect(start?.type === 'evaluate' && start.metrics.loss).toBeCloseTo(change.best!.value, 6);
      const { summary } = json('full', 'run', 'run.json') as { summary: { best: { value: number } } };
      expect((await evaluated('full/run', 'full/dev.csv')).loss).toBeCloseTo(summary.best.value, 5);
    },
    TIMEOUT,
  );
});

describe('exported as ONNX', () => {
  it.each(['both', 'turn', 'full'])(
    'the run "%s" computes in onnxruntime-web what it computes here',
    async (name) => {
      const args = ['export', '--run', `${name}/run`, '--format', 'onnx', '--out', `${name}/onnx`, '--json'];
      const { status, stdout, stderr } = await delta(args, folder);
      expect(status, stderr).toBe(0);
      expect((JSON.parse(stdout) as { difference: number }).difference).toBeLessThan(1e-4);
    },
    TIMEOUT,
  );

  it('is what PEFT has no layout for', async () => {
    const args = ['export', '--run', 'both/run', '--format', 'peft', '--out', 'both/peft'];
    const { status, stderr } = await delta(args, folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^delta: PEFT has no adapter for the method "lora\+bitfit"; take /m);
  });
});

describe('refused before training', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'two methods that own one tensor',
      { method: [{ type: 'bitfit' }, { type: 'full' }] },
      /^delta: method: "bitfit" and "full" both train "[\w.]+bias"; /,
    ],
    [
      'a rank larger than the matrix',
      { method: [{ type: 'ia3' }, { type: 'lora', rank: 33 }] },
      /^delta: method\[1\]\.rank: got 33, larger than the 32 × 32 matrix of ".*query"; choose at most 32/,
    ],
    [
      'the same in a later stage',
      { method: undefined, stages: [{ type: 'ia3' }, { type: 'lora', rank: 33 }] },
      /^delta: stages\[1\]\.method\.rank: got 33, larger than/,
    ],
    [
      'a target that matches nothing',
      { method: { type: 'lora', targets: ['nowhere'] } },
      /^delta: method\.targets.*"nowhere"/,
    ],
    [
      'a prompt that leaves no room for text',
      { method: { type: 'prompt', virtualTokens: 5000 } },
      /^delta: method\.virtualTokens: got 5000, which leaves no room for text in the model's \d+ positions/,
    ],
    [
      'a prefix that leaves no room for text',
      { method: { type: 'prefix', virtualTokens: 5000 } },
      /^delta: method\.virtualTokens: got 5000, which leaves no room for text in the model's \d+ positions/,
    ],
    [
      'a bottleneck of zero',
      { method: { type: 'adapter', bottleneck: 0 } },
      /^delta: method\.bottleneck: got 0/,
    ],
  ])(
    '%s',
    async (name, patch, message) => {
      const place = name.replaceAll(/\W+/g, '-');
      makeProject(at(place), { training, ...patch });
      const result = await delta(['train', '--spec', `${place}/spec.json`, '--out', `${place}/run`], folder);
      expect(lastLine(result)).toMatch(message);
      expect(result.status).toBe(1);
      expect(existsSync(at(place, 'run', 'adapter'))).toBe(false);
    },
    TIMEOUT,
  );
});

describe('files of another base model', () => {
  it(
    'are refused in a sentence, and taken when told to',
    async () => {
      // The same architecture with another weight.
      const other = at('other');
      makeProject(other, { method: LORA, training });
      const onnx = readFileSync(path.join(other, 'model', 'model.onnx'));
      const changed = changeOneWeight(onnx);
      writeFileSync(path.join(other, 'model', 'model.onnx'), changed);
      const init = at('both', 'run', 'adapter', '0-lora');
      makeSpec(other, { method: { ...LORA, init } });
      const refused = await delta(['train', '--spec', 'other/spec.json', '--out', 'other/run'], folder);
      expect(refused.status).toBe(1);
      expect(lastLine(refused)).toMatch(
        /0-lora\/adapter_model\.safetensors was trained on another base model \(weights [0-9a-f]{12}, here [0-9a-f]{12}\); /,
      );
      makeSpec(other, { method: { ...LORA, init, initForce: true } });
      expect((await delta(['train', '--spec', 'other/spec.json', '--out', 'other/run'], folder)).status).toBe(
        0,
      );

      cpSync(at('both', 'run'), at('other', 'moved'), { recursive: true });
      const record = json('other', 'moved', 'run.json');
      writeFileSync(at('other', 'moved', 'run.json'), JSON.stringify({ ...record, base: other }));
      const args = ['evaluate', '--run', 'other/moved', '--data', 'both/dev.csv', '--json'];
      expect(lastLine(await delta(args, folder))).toMatch(/is not the model this run was trained on/);
      expect((await delta([...args, '--force'], folder)).status).toBe(0);
    },
    TIMEOUT,
  );
});

/** Another value in the last bytes of the file's largest stretch of weights. */
function changeOneWeight(onnx: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode('bert.embeddings.word_embeddings.weight');
  const found = Buffer.from(onnx).lastIndexOf(Buffer.from(name));
  const out = onnx.slice();
  const values = Buffer.from(out.buffer, out.byteOffset, out.byteLength);
  // Raw data follow the name or stand before it, by exporter; 512 bytes on is inside either.
  values.writeFloatLE(0.125, found + name.length + 512);
  return out;
}

function makeSpec(place: string, patch: Record<string, unknown>): void {
  const file = path.join(place, 'spec.json');
  const spec = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...spec, ...patch }));
}
