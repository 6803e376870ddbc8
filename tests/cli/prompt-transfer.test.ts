/** A prompt that starts from those of other tasks, through the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsOf } from '../../src/graph/tensor.ts';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { transferred } from '../../src/runs/prompt-transfer.ts';
import { delta, makeProject } from '../support/cli.ts';

const TIMEOUT = 300_000;
const PROMPT = { type: 'prompt', virtualTokens: 3 };
let folder: string;
let base: { training: object };

const run = (name: string, method: object, training: object = {}) => {
  const spec = { ...base, method, training: { ...base.training, ...training } };
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(spec));
  return delta(['train', '--spec', `${name}.json`, '--out', name, '--adapter', 'wasm'], folder);
};

const rows = (name: string): Float32Array => {
  const file = readFileSync(path.join(folder, name, 'adapter/adapter_model.safetensors'));
  return Float32Array.from(floatsOf(readSafetensors(file).tensors.get('prompt_embeddings')!));
};

const SOURCES = ['first/adapter', 'second/adapter'];

describe('a prompt from several', { timeout: TIMEOUT }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'delta-transfer-'));
    base = JSON.parse(readFileSync(makeProject(folder), 'utf8')) as typeof base;
    for (const [name, seed] of [
      ['first', 1],
      ['second', 2],
      ['own', 3],
    ] as const) {
      const { status, stderr } = await run(name, PROMPT, { seed, steps: 2 });
      expect(status, stderr).toBe(0);
    }
  }, TIMEOUT);
  afterAll(() => rmSync(folder, { recursive: true, force: true }), TIMEOUT);

  it.each(['equal', 'similarity', 'best'] as const)('starts from them, weighted by %s', async (how) => {
    const about = how === 'equal' ? {} : { initWeights: how, initLike: 'own/adapter' };
    const { status, stderr } = await run(how, { ...PROMPT, init: SOURCES, ...about }, { steps: 0 });
    expect(status, stderr).toBe(0);
    const { prompt, weights } = transferred([rows('first'), rows('second')], 32, how, rows('own'));
    expect(rows(how)).toEqual(prompt);
    expect(weights.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
  });

  it.each([
    [{ init: SOURCES, initWeights: 'similarity' }, 'method.initLike: missing'],
    [{ init: SOURCES[0], initLike: 'own/adapter' }, 'method.initLike: got'],
    [{ init: [SOURCES[0]] }, 'method.init'],
    [{ init: SOURCES, type: 'lora', virtualTokens: undefined }, 'method.init: got'],
  ])('is refused with %j', async (options, message) => {
    const { status, stderr } = await run('refused', { ...PROMPT, ...options });
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});
