/** A prompt learned in the subspace of earlier ones, through the command line. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatInitializer, floatsOf } from '../../src/graph/tensor.ts';
import { readSafetensors, writeSafetensors } from '../../src/onnx/safetensors.ts';
import { BASE_HASH } from '../../src/runs/adapter-names.ts';
import type { EvaluateEvent, RunEvent } from '../../src/train/events.ts';
import { delta, makeProject } from '../support/cli.ts';

const TIMEOUT = 300_000;
const PROMPT = { type: 'prompt', virtualTokens: 3 };
const NAMES = ['first', 'second', 'third'];
const prompts = NAMES.map((name) => `${name}/adapter`);
const IPT = { type: 'ipt', prompts, decoderHiddenSize: 8 };
let folder: string;
let base: { training: object };

const write = (name: string, method: object, training: object = {}) => {
  const spec = { ...base, method, training: { ...base.training, keepBest: false, ...training } };
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(spec));
};
const run = (name: string, method: object, training: object = {}) => {
  write(name, method, training);
  return delta(['train', '--spec', `${name}.json`, '--out', name, '--adapter', 'wasm'], folder);
};
const tensors = (name: string, file: string): Map<string, number[]> => {
  const bytes = readFileSync(path.join(folder, name, 'adapter', file));
  return new Map([...readSafetensors(bytes).tensors].map(([key, one]) => [key, [...floatsOf(one)]]));
};
const events = (name: string): RunEvent[] =>
  readFileSync(path.join(folder, name, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
const losses = (name: string): number[] =>
  events(name).flatMap((event) => (event.type === 'step' ? [event.loss] : []));

/** A prompt of three tokens by PEFT, or by a run on the base of that hash. */
const saved = (name: string, width: number, seed: number, base?: string): void => {
  const place = path.join(folder, name, 'adapter');
  mkdirSync(place, { recursive: true });
  const config = { peft_type: 'PROMPT_TUNING', num_virtual_tokens: 3 };
  writeFileSync(path.join(place, 'adapter_config.json'), JSON.stringify(config));
  const values = Float32Array.from({ length: 3 * width }, (_, i) => Math.sin(i + seed));
  const rows = floatInitializer('prompt_embeddings', [3, width], values);
  const about: Record<string, string> = base === undefined ? {} : { [BASE_HASH]: base };
  writeFileSync(path.join(place, 'adapter_model.safetensors'), writeSafetensors([rows], about));
};

describe('a prompt subspace', { timeout: TIMEOUT }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'delta-ipt-'));
    base = JSON.parse(readFileSync(makeProject(folder), 'utf8')) as typeof base;
    for (const [i, name] of NAMES.entries()) {
      const { status, stderr } = await run(name, PROMPT, { seed: i + 1, steps: 2 });
      expect(status, stderr).toBe(0);
    }
    const { status, stderr } = await run('tuned', IPT, {
      seed: 4,
      steps: 6,
      optimizer: { learningRate: 0.1 },
    });
    expect(status, stderr).toBe(0);
  }, TIMEOUT);
  afterAll(() => rmSync(folder, { recursive: true, force: true }), TIMEOUT);

  it('trains as many numbers as the prompts span, and takes the memory that was forecast', () => {
    const { spec } = JSON.parse(readFileSync(path.join(folder, 'tuned/run.json'), 'utf8')) as {
      spec: { method: object };
    };
    expect(spec.method).toMatchObject({ dimension: 2, virtualTokens: 3, decoderHiddenSize: 8 });
    const memory = events('tuned').find((event) => event.type === 'memory')!;
    expect(memory.allocated).toEqual(memory.predicted);
    expect(tensors('tuned', 'encoder.safetensors').get('prompt_autoencoder.vector')).toHaveLength(2);
  });

  it('leaves a prompt for PEFT, and beside it the vector and the decoder that give it', () => {
    const config = JSON.parse(
      readFileSync(path.join(folder, 'tuned/adapter/adapter_config.json'), 'utf8'),
    ) as object;
    expect(config).toMatchObject({ peft_type: 'PROMPT_TUNING', num_virtual_tokens: 3, token_dim: 32 });
    const rows = tensors('tuned', 'adapter_model.safetensors').get('prompt_embeddings')!;
    const inner = tensors('tuned', 'encoder.safetensors');
    const part = (name: string): number[] => inner.get(`prompt_autoencoder.${name}`)!;
    const linear = (x: number[], name: string): number[] =>
      part(`${name}.bias`).map((bias, o) =>
        x.reduce((sum, value, i) => sum + value * part(`${name}.weight`)[o * x.length + i], bias),
      );
    const decoded = linear(linear(part('vector'), 'decoder.0').map(Math.tanh), 'decoder.2');
    expect(rows).toHaveLength(96);
    decoded.forEach((value, i) => expect(rows[i]).toBeCloseTo(value, 5));
  });

  it('can be evaluated and exported', async () => {
    const evaluated = await delta(
      ['evaluate', '--run', 'tuned', '--data', 'dev.csv', '--adapter', 'wasm', '--json'],
      folder,
    );
    expect(evaluated.status, evaluated.stderr).toBe(0);
    const last = events('tuned').findLast(
      (event): event is EvaluateEvent => event.type === 'evaluate' && event.split === 'validation',
    )!;
    const { metrics } = JSON.parse(evaluated.stdout) as { metrics: { loss: number } };
    expect(metrics.loss).toBeCloseTo(last.metrics.loss, 5);
    const exported = await delta(
      ['export', '--run', 'tuned', '--format', 'onnx', '--out', 'onnx', '--adapter', 'wasm'],
      folder,
    );
    expect(exported.status, exported.stderr).toBe(0);
  });

  it('goes on in the subspace of an earlier run, where that ended', async () => {
    const { status, stderr } = await run(
      'again',
      { type: 'ipt', init: 'tuned/adapter' },
      { seed: 9, steps: 2 },
    );
    expect(status, stderr).toBe(0);
    const [before, after] = ['tuned', 'again'].map((name) => tensors(name, 'encoder.safetensors'));
    for (const name of before.keys())
      if (name.includes('decoder')) expect(after.get(name), name).toEqual(before.get(name));
    expect(after.get('prompt_autoencoder.vector')).not.toEqual(before.get('prompt_autoencoder.vector'));
  });

  it('starts in the middle of the prompts, and trains the vector alone', async () => {
    const { status, stderr } = await run('start', IPT, { seed: 4, steps: 0 });
    expect(status, stderr).toBe(0);
    const [start, tuned] = ['start', 'tuned'].map((name) => tensors(name, 'encoder.safetensors'));
    for (const name of start.keys())
      if (name.includes('decoder')) expect(tuned.get(name), name).toEqual(start.get(name));
    expect(tuned.get('prompt_autoencoder.vector')).not.toEqual(start.get('prompt_autoencoder.vector'));
  });

  it('goes on after a stop as if there had been none', async () => {
    const method = { ...IPT, dimension: 1 };
    const training = { seed: 5, steps: 60, evaluateEvery: 4, optimizer: { learningRate: 0.1 } };
    const whole = await run('whole', method, training);
    expect(whole.status, whole.stderr).toBe(0);
    write('parted', method, training);
    const command = ['train', '--spec', 'parted.json', '--out', 'parted', '--adapter', 'wasm'];
    const stopped = await delta(command, folder, { interruptAfter: /validation at step 8/ });
    expect(stopped.stderr).toContain('Go on with');
    const resumed = await delta(['train', '--resume', 'parted', '--adapter', 'wasm'], folder);
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(losses('parted')).toEqual(losses('whole'));
    expect(tensors('parted', 'encoder.safetensors')).toEqual(tensors('whole', 'encoder.safetensors'));
  });

  it.each([
    [{ prompts: undefined }, 'method.prompts: missing'],
    [{ prompts: ['first/adapter'] }, 'holds one prompt, and a subspace needs two or more'],
    [{ prompts: ['first/adapter', 'first/adapter'] }, 'all 2 prompts are the same'],
    [{ dimension: 3 }, 'method.dimension: got 3, and the 3 prompts span 2'],
    [{ virtualTokens: 4 }, 'has a prompt of 3 tokens where method.virtualTokens is 4'],
    [{ prompts: [...prompts, 'long/adapter'] }, 'has a prompt of 5 tokens where first/adapter has 3'],
    [{ prompts: [...prompts, 'other/adapter'] }, 'is no prompt'],
    [{ prompts: [...prompts, 'nowhere'] }, 'nowhere holds no prompt'],
    [
      { prompts: [...prompts, 'wide/adapter'] },
      'wide/adapter has a prompt of width 64 where first/adapter has 32',
    ],
    [{ prompts: ['wide/adapter', 'wider/adapter'] }, "width 64, and the model's embeddings have 32"],
    [{ prompts: [...prompts, 'elsewhere/adapter'] }, 'elsewhere/adapter was trained on another base model'],
    [
      { prompts: ['elsewhere/adapter', 'elsewhere-too/adapter'] },
      'trained on another base model (weights 000000000000, here',
    ],
    [{ init: 'tuned/adapter' }, 'method.prompts: got'],
    [{ prompts: undefined, init: 'first/adapter' }, 'first/adapter holds no decoder of prompts'],
  ])('is refused with %j', async (options, message) => {
    if (message.includes('5 tokens')) await run('long', { ...PROMPT, virtualTokens: 5 }, { steps: 0 });
    if (/width 64/.test(message)) for (const [i, name] of ['wide', 'wider'].entries()) saved(name, 64, i);
    if (/another base/.test(message))
      for (const [i, name] of ['elsewhere', 'elsewhere-too'].entries()) saved(name, 32, i, '0'.repeat(64));
    if (message.includes('is no prompt')) await run('other', { type: 'lora' }, { steps: 0 });
    const { status, stderr } = await run('refused', { ...IPT, ...options });
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n').at(-1)!.length).toBeLessThan(420);
  });
});
