import { strFromU8, unzipSync, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import type { RunEvent } from '../train/events.ts';
import { archiveFiles, readArchive, type ArchivedRun } from './archive.ts';
import { comparisonSpecs, readSpec, runMethod } from './spec.ts';
import { STORE_FORMAT, type StoredComparison } from './storage/stored.ts';

const spec = readSpec({
  model: { source: 'builtin:bert' },
  data: { train: 'train.tsv' },
  compare: [{ method: { type: 'lora' } }, { method: { type: 'head' } }],
});
const comparison: StoredComparison = {
  format: STORE_FORMAT,
  id: 'there',
  name: 'films',
  created: '2026-01-01T00:00:00.000Z',
  spec,
  environment: {
    studio: '0',
    runtime: 'test',
    adapter: { vendor: 'v', architecture: '', description: '', software: true },
  },
  model: { source: 'builtin:bert', hash: 'aa', parameters: 1 },
  labels: { names: ['a', 'b'], source: 'sorted' },
  columns: { text: ['text'], label: 'label' },
  notes: ['a note'],
  dataHash: 'bb',
  inputs: { model: 'm', data: 'd' },
  runs: comparisonSpecs(spec).map((run) => ({
    run: run.key,
    method: runMethod(run.spec),
    steps: run.spec.training.steps,
    spec: run.spec,
  })),
};
const events: RunEvent[] = [
  { type: 'evaluate', step: 0, split: 'validation', metrics: { accuracy: 0.5 } },
  { type: 'end', reason: 'stopped', step: 1, best: null, seconds: 1 },
];
const weights = { name: 'adapter_model.safetensors', bytes: Uint8Array.of(1, 2, 3) };
const runs: ArchivedRun[] = ['lora', 'head'].map((run) => ({
  state: {
    comparison: 'there',
    run,
    phase: 'stopped',
    summary: null,
    adapter: run === 'lora' ? { step: 1, files: [{ name: weights.name, bytes: 3 }] } : null,
    checkpoint: run === 'lora' ? { slot: 1, step: 1, events: 2, bytes: 9 } : null,
    predictions: { step: 1, logits: Float64Array.of(0.1, 0.9), texts: ['a text'] },
  },
  events,
  adapter: run === 'lora' ? [weights] : null,
}));

async function zip(change: (files: Record<string, Uint8Array>) => void = () => {}) {
  const files: Record<string, Uint8Array> = {};
  const entry = { comparison, runs: runs.map(({ state }) => state) };
  const load = async ({ run }: { run: string }) => runs.find(({ state }) => state.run === run)!;
  for await (const { name, bytes } of archiveFiles(entry, load)) files[name] = bytes;
  change(files);
  return zipSync(files);
}

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

it('carries a comparison to another browser: records, events, weights, predictions, no checkpoints', async () => {
  const bytes = await zip();
  const read = readArchive(bytes, 'films.zip', 'here');
  expect(read.comparison).toEqual({ ...comparison, id: 'here', imported: { from: 'films.zip' } });
  expect(read.runs).toEqual(
    runs.map((run) => ({ ...run, state: { ...run.state, comparison: 'here', checkpoint: null } })),
  );
  const record = JSON.parse(strFromU8(unzipSync(bytes)['runs/lora/run.json'])) as Record<string, unknown>;
  expect(record).toMatchObject({ name: 'lora', adapterStep: 1, summary: { reason: 'stopped' } });
});

it('refuses in one sentence what is no whole zip of this version', async () => {
  const refusal = async (bytes: Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>) => {
    const given = await bytes;
    try {
      readArchive(given, 'films.zip', 'here');
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('nothing was refused');
  };
  const whole = await zip();
  expect(await refusal(whole.slice(0, -40))).toMatch(/no zip, or not a whole one/);
  expect(await refusal(text('not a zip') as Uint8Array<ArrayBuffer>)).toMatch(/no zip/);
  expect(await refusal(zip((files) => delete files['manifest.json']))).toMatch(/zip of something else/);
  const newer = { kind: 'delta-studio-comparison', version: 2, runs: [] };
  expect(await refusal(zip((files) => (files['manifest.json'] = text(newer))))).toBe(
    'films.zip cannot be opened: it was saved by a newer version of the studio (format 2, this page reads up to 1); reload the page to get the newest version.',
  );
  expect(await refusal(zip((files) => delete files['runs/head/metrics.jsonl']))).toMatch(
    /run "head" is missing/,
  );
  const name = 'runs/lora/adapter/adapter_model.safetensors';
  expect(await refusal(zip((files) => delete files[name]))).toMatch(
    /adapter_model\.safetensors .* is not whole/,
  );
  expect(await refusal(zip((files) => (files['comparison.json'] = text({}))))).toMatch(
    /comparison\.json does not/,
  );
});
