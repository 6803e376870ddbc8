/**
 * Real data through the built-in T5, end to end: SST-2 by a template and label words, SciTLDR as free text.
 * Skipped without the shared folder. A few steps each: what is shown is that all of it fits together.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta } from '../support/cli.ts';
import { sharedFolder } from '../support/shared.ts';

const datasets = path.resolve(sharedFolder, 'datasets');
let folder: string;

/** The first lines of a file, in the folder of the test. */
function some(from: string, lines: number, to: string): string {
  const text = readFileSync(path.join(datasets, from), 'utf8').split('\n').slice(0, lines).join('\n');
  writeFileSync(path.join(folder, to), text);
  return to;
}

async function train(
  name: string,
  data: object,
): Promise<{ metrics: Record<string, number>[]; out: string }> {
  const spec = {
    model: { source: 'builtin:t5-l3-h128', task: 'text2text' },
    data,
    method: { type: 'lora' },
    training: { steps: 6, batchSize: 8, evaluateEvery: 6, seed: 1 },
    generation: { rows: 8, maxNewTokens: 12 },
  };
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(spec));
  const { status, stderr } = await delta(['train', '--spec', `${name}.json`, '--out', name], folder);
  expect(status, stderr).toBe(0);
  const events = readFileSync(path.join(folder, name, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const metrics = events
    .map((line) => JSON.parse(line) as { type: string; split?: string; metrics: Record<string, number> })
    .filter(({ type, split }) => type === 'evaluate' && split === 'validation')
    .map((event) => event.metrics);
  return { metrics, out: name };
}

describe.skipIf(!existsSync(datasets))('the built-in T5 on real data', { timeout: 240_000 }, () => {
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'delta-real-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes SST-2 through a template, ranks its label words and predicts', async () => {
    const { metrics, out } = await train('sst2', {
      train: some('sst2/train-4000.tsv', 65, 'sst2.tsv'),
      validation: some('sst2/dev.tsv', 33, 'sst2-dev.tsv'),
      columns: { text: ['sentence'], label: 'label' },
      template: '{text} It was',
      verbalizer: { 0: 'bad', 1: 'good' },
      maxLength: 32,
    });
    expect(metrics).toHaveLength(2);
    expect(metrics[1].loss).toBeLessThan(metrics[0].loss);
    for (const { accuracy } of metrics) expect(accuracy).toBeGreaterThan(0);
    const predicted = await delta(
      ['predict', '--run', out, '--text', 'a warm , funny film', '--json'],
      folder,
    );
    expect(predicted.status, predicted.stderr).toBe(0);
  });

  it('takes SciTLDR, a list of sentences to one of several summaries, and measures ROUGE', async () => {
    const { metrics } = await train('scitldr', {
      train: some('scitldr/train.jsonl', 64, 'scitldr.jsonl'),
      validation: some('scitldr/dev.jsonl', 16, 'scitldr-dev.jsonl'),
      columns: { text: ['source'], target: 'target' },
      maxLength: 96,
      maxTargetLength: 24,
    });
    expect(metrics[1].loss).toBeLessThan(metrics[0].loss);
    for (const { rougeL } of metrics) expect(rougeL).toBeGreaterThanOrEqual(0);
  });
});
