/**
 * A half-precision export: its norms are written out, with their weights behind casts and an epsilon that half
 * precision rounds to nothing. Every weight keeps its name and trains as PyTorch's does, widened to 32 bits. The model
 * is made by tools/export-half.py.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { loadModel } from '../../src/models/load.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { delta } from '../support/cli.ts';

const MODEL = path.join(import.meta.dirname, 'half-precision');
const expected = JSON.parse(readFileSync(path.join(MODEL, 'expected.json'), 'utf8')) as {
  rate: number;
  losses: number[];
  gradNorms: number[];
  trainable: number;
  norms: string[];
};
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-half-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('has its norms by PyTorch’s names', async () => {
  const { graph } = await loadModel(modelFiles(MODEL), MODEL);
  const norms = [...graph.initializers.keys()].filter((name) => /LayerNorm\.(weight|bias)$/.test(name));
  expect(norms.sort()).toEqual(expected.norms);
});

it('trains as in PyTorch, every weight of it', async () => {
  const spec = {
    model: { source: MODEL },
    data: {
      train: path.join(MODEL, 'rows.tsv'),
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 16,
    },
    method: { type: 'full' },
    training: {
      ...{ steps: 3, batchSize: 4, shuffle: false, maxGradNorm: 0, evaluateEvery: 0 },
      optimizer: { learningRate: expected.rate },
    },
  };
  writeFileSync(path.join(folder, 'spec.json'), JSON.stringify(spec));
  const { status, stderr } = await delta(
    ['train', '--spec', 'spec.json', '--out', 'run', '--adapter', 'wasm', '--json'],
    folder,
  );
  expect(status, stderr).toBe(0);
  const events = readFileSync(path.join(folder, 'run/metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  expect(events.find((event) => event.type === 'start')).toMatchObject({
    trainableParameters: expected.trainable,
  });
  const steps = events.filter((event) => event.type === 'step');
  expect(steps).toHaveLength(expected.losses.length);
  steps.forEach(({ loss, gradNorm }, i) => {
    expect(Math.abs(loss / expected.losses[i] - 1), `loss of step ${i + 1}`).toBeLessThan(1e-5);
    expect(Math.abs(gradNorm / expected.gradNorms[i] - 1), `gradient of step ${i + 1}`).toBeLessThan(1e-4);
  });
});
