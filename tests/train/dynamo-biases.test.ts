/**
 * A dynamo export keeps one tensor of those that are alike, so a fresh model's zero biases have none of their own: they
 * come back, and train as PyTorch's do. The model is one of our own (tools/export-dynamo.py), and the shared folder's.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/train/events.ts';
import { delta } from '../support/cli.ts';
import { sharedFolder } from '../support/shared.ts';

interface Expected {
  losses: number[];
  gradNorms: number[];
  trainable: number;
}

const OWN = path.join(import.meta.dirname, 'dynamo-biases');
const SHARED = path.join(sharedFolder, 'cases/models/dynamo-zero-biases');
/** Of which the first 24 rows are the shared case's three batches of eight. */
const ROWS = path.join(sharedFolder, 'datasets/sst2/dev.tsv');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-dynamo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Trains three steps in the file's order, the rate falling to 0, and holds each to PyTorch. */
async function check(
  name: string,
  model: string,
  data: Record<string, unknown>,
  training: Record<string, unknown>,
  method: Record<string, unknown>,
  { losses, gradNorms, trainable }: Expected,
): Promise<void> {
  const spec = {
    model: { source: model },
    data: { columns: { text: ['sentence'], label: 'label' }, ...data },
    method,
    training: { steps: 3, shuffle: false, maxGradNorm: 0, evaluateEvery: 0, ...training },
  };
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(spec));
  const result = await delta(
    ['train', '--spec', `${name}.json`, '--out', name, '--adapter', 'wasm', '--json'],
    folder,
  );
  expect(result.status, result.stderr).toBe(0);
  const events = readFileSync(path.join(folder, name, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  expect(events.find((event) => event.type === 'start')).toMatchObject({
    trainableParameters: trainable,
  });
  const steps = events.filter((event) => event.type === 'step');
  expect(steps).toHaveLength(losses.length);
  steps.forEach(({ loss, gradNorm }, i) => {
    expect(Math.abs(loss - losses[i]), `loss of step ${i + 1}`).toBeLessThan(1e-6);
    expect(Math.abs(gradNorm / gradNorms[i] - 1), `gradient of step ${i + 1}`).toBeLessThan(1e-5);
  });
}

const lora = (rank: number, init: string) => ({
  type: 'lora',
  rank,
  alpha: 2 * rank,
  targets: ['q', 'v'],
  init: path.join(init, 'init-lora'),
});

describe('biases that an export dropped', () => {
  const expected = JSON.parse(readFileSync(path.join(OWN, 'expected.json'), 'utf8')) as Record<
    'full' | 'lora',
    Expected & { rate: number }
  >;
  it.each([
    ['full', { type: 'full' }],
    ['lora', lora(2, OWN)],
  ] as const)('train by %s as in PyTorch', async (name, method) => {
    const { rate, ...right } = expected[name];
    const training = { batchSize: 4, optimizer: { learningRate: rate } };
    await check(
      `own-${name}`,
      OWN,
      { train: path.join(OWN, 'rows.tsv'), maxLength: 16 },
      training,
      method,
      right,
    );
  });
});

describe.skipIf(!existsSync(SHARED))('the shared case (needs the shared folder)', () => {
  it.each([
    ['full', { type: 'full' }],
    ['lora', lora(4, SHARED)],
  ] as const)('trains by %s as in PyTorch', async (name, method) => {
    const expected = JSON.parse(readFileSync(path.join(SHARED, 'expected.json'), 'utf8')) as Record<
      'full' | 'lora',
      Expected & { lr: number }
    >;
    const { lr, ...right } = expected[name];
    const training = { batchSize: 8, optimizer: { learningRate: lr } };
    await check(`shared-${name}`, SHARED, { train: ROWS, maxLength: 32 }, training, method, right);
  });
});
