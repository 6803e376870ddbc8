/** Runs without steps, and runs that start from an adapter of another task: what is scored, taken and left out. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { floatsOf } from '../../src/graph/tensor.ts';
import type { EvaluateEvent, RunEvent } from '../../src/train/events.ts';
import { delta, makeProject, type SpecPatch } from '../support/cli.ts';

let root: string;
let base: SpecPatch;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'delta-zero-'));
  base = JSON.parse(readFileSync(makeProject(root), 'utf8')) as SpecPatch;
  // Two of the three classes, by other names: another task on the same words.
  for (const file of ['train.tsv', 'dev.csv']) {
    const rows = readFileSync(path.join(root, file), 'utf8').split('\n');
    const two = rows.filter((row) => !/[\t,]2$/.test(row)).map((row) => row.replace(/[01]$/, 'kind $&'));
    writeFileSync(path.join(root, `two-${file}`), two.join('\n'));
  }
  // What was learned, not what scored best: that may be the start.
  await train('three', { training: { steps: 4, batchSize: 4, evaluateEvery: 2, seed: 3, keepBest: false } });
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const two = () => ({ ...(base.data as object), train: 'two-train.tsv', validation: 'two-dev.csv' });

async function train(name: string, patch: SpecPatch) {
  writeFileSync(path.join(root, `${name}.json`), JSON.stringify({ ...base, ...patch }));
  return delta(['train', '--spec', `${name}.json`, '--out', name, '--adapter', 'wasm'], root);
}

const events = (name: string) =>
  readFileSync(path.join(root, name, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);

const evaluated = (name: string) =>
  events(name).filter((event): event is EvaluateEvent => event.type === 'evaluate');

const saved = (name: string) =>
  new Map(
    [
      ...readSafetensors(readFileSync(path.join(root, name, 'adapter/adapter_model.safetensors'))).tensors,
    ].map(([key, tensor]) => [key, { dims: tensor.dims, values: [...floatsOf(tensor)] }]),
  );

const lora = { type: 'lora', rank: 2, alpha: 4, init: 'three/adapter' };
const none = { steps: 0, batchSize: 4, evaluateEvery: 2, seed: 3 };

describe('no steps of a classification', { timeout: 120_000 }, () => {
  it('score and write the untuned model', async () => {
    const { status, stderr } = await train('untuned', { training: none });
    expect(status, stderr).toBe(0);
    expect(events('untuned').map(({ type }) => type)).toEqual([
      ...['start', 'memory', 'evaluate', 'evaluate', 'answers', 'end'],
    ]);
    expect(evaluated('untuned')[0].metrics).toEqual(evaluated('three')[0].metrics);
    const b = [...saved('untuned')].filter(([key]) => key.includes('lora_B'));
    expect(b.length).toBeGreaterThan(0);
    for (const [, { values }] of b) expect(values.every((value) => value === 0)).toBe(true);
  });

  it('score and write the adapter that a method starts from, head included', async () => {
    const { status, stderr } = await train('again', { method: lora, training: none });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain('brings');
    const { adapterStep: step } = JSON.parse(readFileSync(path.join(root, 'three/run.json'), 'utf8')) as {
      adapterStep: number;
    };
    const kept = evaluated('three').find((one) => one.step === step && one.split === 'validation')!;
    expect(evaluated('again')[0].metrics).toEqual(kept.metrics);
    expect(saved('again')).toEqual(saved('three'));
  });

  it('are taken by AdaLoRA, whose budget needs none then, and by gates', async () => {
    for (const type of ['adalora', 'mask', 'diffPruning']) {
      const { status, stderr } = await train(`zero-${type}`, { method: { type }, training: none });
      expect(status, stderr).toBe(0);
      expect(evaluated(`zero-${type}`)).toHaveLength(2);
    }
  });

  it('compare methods without a step', async () => {
    writeFileSync(path.join(root, 'cmp.json'), JSON.stringify({ ...base, training: none }));
    const args = ['--methods', 'full,head,prompt', '--out', 'cmp', '--adapter', 'wasm'];
    const { status, stderr } = await delta(['compare', '--spec', 'cmp.json', ...args], root);
    expect(status, stderr).toBe(0);
    const full = evaluated('cmp/full')[0].metrics;
    expect(evaluated('cmp/head')[0].metrics).toEqual(full);
    // Rows of the vocabulary before the text say something.
    expect(evaluated('cmp/prompt')[0].metrics.loss).not.toBe(full.loss);
  });
});

describe('an adapter of another task', { timeout: 120_000 }, () => {
  it('gives its delta to a head of another size, which starts fresh', async () => {
    const { status, stderr } = await train('to-two', { data: two(), method: lora, training: none });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(
      'Note: method.init: the head that three/adapter brings is that of another task, so the delta is taken and the head starts fresh.',
    );
    const [from, to] = [saved('three'), saved('to-two')];
    const heads = [...to.keys()].filter((key) => key.includes('classifier'));
    expect(to.get(heads.find((key) => key.endsWith('weight'))!)!.dims[0]).toBe(2);
    for (const [key, tensor] of to) if (!heads.includes(key)) expect(tensor, key).toEqual(from.get(key));
    // The delta is that of the other task, so the answers are not the untuned model's.
    await train('two-untuned', { data: two(), training: none });
    expect(evaluated('to-two')[0].metrics.loss).not.toBe(evaluated('two-untuned')[0].metrics.loss);
  });

  it('gives the rows of its prompt to another task, which they start better or worse than rows of words', async () => {
    const prompt = { type: 'prompt', virtualTokens: 3 };
    const trained = { steps: 8, batchSize: 4, evaluateEvery: 8, seed: 3, keepBest: false };
    await train('prompt', { method: prompt, training: trained });
    const method = { ...prompt, init: 'prompt/adapter' };
    const { status, stderr } = await train('prompt-two', { data: two(), method, training: none });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('is that of another task, so the delta is taken');
    expect(saved('prompt-two').get('prompt_embeddings')).toEqual(saved('prompt').get('prompt_embeddings'));
    await train('prompt-two-fresh', { data: two(), method: prompt, training: none });
    const [moved, fresh] = ['prompt-two', 'prompt-two-fresh'].map((name) => evaluated(name)[0].metrics.loss);
    expect(moved).not.toBe(fresh);
  });

  it('trains on from there', async () => {
    const { status, stderr } = await train('to-two-trained', { data: two(), method: lora });
    expect(status, stderr).toBe(0);
    expect(evaluated('to-two-trained')[0].metrics).toEqual(evaluated('to-two')[0].metrics);
  });

  it('leaves its head out where another is asked for', async () => {
    const model = { ...(base.model as object), head: 'fresh' };
    const { status, stderr } = await train('anew', { model, method: lora, training: none });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('is left out and starts anew, as model.head asks.');
    const weight = [...saved('anew').keys()].find((key) => key.endsWith('classifier.weight'))!;
    expect(saved('anew').get(weight)).not.toEqual(saved('three').get(weight));
  });

  it('is still refused where the head is all there is', async () => {
    await train('head', { method: { type: 'head' } });
    const method = { type: 'head', init: 'head/adapter' };
    const { status, stderr } = await train('head-two', { data: two(), method, training: none });
    expect(status).toBe(1);
    expect(stderr).toMatch(/has classifier\.weight of shape \[3, 32\] where \[2, 32\] is needed/);
  });
});
