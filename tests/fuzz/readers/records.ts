/** What the studio writes itself and reads again: specs, links, run records, checkpoints, saved comparisons. */
import { deflateSync, strFromU8, zipSync } from 'fflate';
import { archiveFiles, readArchive, type ArchivedRun } from '../../../src/runs/archive.ts';
import { inOnePiece } from '../../../src/onnx/safetensors.ts';
import { readCheckpoint, writeCheckpoint } from '../../../src/runs/checkpoint-file.ts';
import { specFromHash, specHash } from '../../../src/runs/link.ts';
import { readRecord } from '../../../src/runs/record.ts';
import {
  comparisonSpecs,
  completeSpec,
  parseSpec,
  readSpec,
  runMethod,
  type SpecInput,
} from '../../../src/runs/spec.ts';
import { STORE_FORMAT, type StoredComparison } from '../../../src/runs/storage/stored.ts';
import type { RunEvent } from '../../../src/train/events.ts';
import type { Files, Reader } from '../reader.ts';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const SPEC = {
  version: 1,
  name: 'films',
  model: { source: 'builtin:bert-l4-h128', task: 'classification' },
  data: {
    train: 'train.tsv',
    validation: 0.1,
    columns: { text: ['sentence'], label: 'label' },
    maxLength: 64,
    limit: { train: 2000, validation: 872 },
  },
  method: { type: 'lora', rank: 8, alpha: 16, targets: ['q', '/v$/'], rankByRole: { q: 4 } },
  training: {
    steps: 200,
    batchSize: 16,
    seed: 42,
    optimizer: { type: 'adamw', learningRate: 5e-4, betas: [0.9, 0.999] },
    schedule: { type: 'linear', warmupSteps: 10 },
    dropout: 0.1,
  },
};
const { method, ...COMMON } = SPEC;
const { rankByRole: _, ...PLAIN } = method;
const SPECS = [
  { ...SPEC, method: PLAIN },
  { ...COMMON, compare: [{ method: PLAIN }, { method: { type: 'head' }, training: { steps: 5 } }] },
  {
    ...COMMON,
    model: { source: 'm', task: 'text2text' },
    data: {
      train: 't.tsv',
      columns: { text: ['source'], label: 'label' },
      template: 'is {text} good?',
      verbalizer: { 0: 'no', 1: 'yes' },
      maxTargetLength: 4,
    },
    stages: [
      { method: { type: 'prompt', virtualTokens: 4 } },
      { method: [{ type: 'lora' }, { type: 'bitfit' }] },
    ],
  },
] as unknown as SpecInput[];

function complete(input: SpecInput): void {
  comparisonSpecs(input, ['lora', 'head']);
  if (input.compare === undefined) completeSpec(input);
  else comparisonSpecs(input);
}

const spec = readSpec({ ...COMMON, compare: [{ method: { type: 'lora' } }, { method: { type: 'head' } }] });
const environment = {
  studio: '0',
  runtime: 'test',
  adapter: { vendor: 'v', architecture: '', description: '', software: true },
};
const comparison: StoredComparison = {
  format: STORE_FORMAT,
  id: 'there',
  name: 'films',
  created: '2026-01-01T00:00:00.000Z',
  spec,
  environment,
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
const runs: ArchivedRun[] = comparison.runs.map(({ run }) => ({
  state: {
    comparison: 'there',
    run,
    phase: 'stopped',
    summary: null,
    adapter: run === 'lora' ? { step: 1, files: [{ name: weights.name, bytes: 3 }] } : null,
    checkpoint: null,
  },
  predictions: { step: 1, logits: Float64Array.of(0.1, 0.9), texts: ['a text'] },
  events,
  adapter: run === 'lora' ? [weights] : null,
}));

async function archived(): Promise<Files> {
  const files: Files = {};
  const entry = { comparison, runs: runs.map(({ state }) => state) };
  const load = async ({ run }: { run: string }) => runs.find(({ state }) => state.run === run)!;
  const predictions = async (state: { run: string }) => (await load(state)).predictions;
  for await (const { name, bytes } of archiveFiles(entry, { predictions, rest: load })) files[name] = bytes;
  return files;
}

const tensors = new Map([['a.weight', Float32Array.of(1, 2, 3)]]);
const CHECKPOINT = inOnePiece(
  writeCheckpoint({
    stage: 1,
    steps: 3,
    seconds: 1,
    kept: 0,
    earlier: [tensors],
    run: {
      step: 4,
      tensors,
      moments: new Map([['a.weight', [Float32Array.of(1, 1, 1), Float32Array.of(0, 0, 0)]]]),
      bestTensors: tensors,
      best: null,
      stale: 0,
      evaluatedAt: 2,
      milliseconds: 12,
    },
  }),
);

const RECORD = {
  format: 1,
  name: 'films',
  created: '2026-01-01T00:00:00.000Z',
  spec: completeSpec(SPECS[0]),
  model: { source: 'builtin:bert', hash: 'aa', parameters: 1 },
  labels: { names: ['a', 'b'], source: 'sorted' },
  columns: { text: ['text'], label: 'label' },
  adapterStep: 3,
  environment,
  summary: {},
};

export const RECORDS: readonly Reader[] = [
  {
    name: 'spec',
    seeds: () => SPECS.map((one) => ({ 'spec.json': encode(one) })),
    read: (files) => complete(parseSpec(decode(files['spec.json'] ?? new Uint8Array()))),
  },
  {
    // The hash as it is, or a spec's text packed after it was mutated.
    name: 'link',
    seeds: () => [
      ...SPECS.map((one) => ({ hash: encode(specHash(one)).slice(1, -1) })),
      ...SPECS.map((one) => ({ 'spec.json': encode(one) })),
    ],
    read: (files) => {
      const json = files['spec.json'];
      const packed = (bytes: Uint8Array): string =>
        `#spec=1.${btoa(strFromU8(deflateSync(bytes), true))
          .replaceAll('+', '-')
          .replaceAll('/', '_')
          .replace(/=+$/, '')}`;
      const opened = specFromHash(json === undefined ? decode(files['hash']) : packed(json));
      if (opened !== null) complete(opened);
    },
  },
  {
    name: 'record',
    seeds: () => [{ 'run.json': encode(RECORD) }],
    read: (files) => readRecord(decode(files['run.json']), 'run.json'),
  },
  {
    name: 'checkpoint',
    seeds: () => [{ 'checkpoint.safetensors': CHECKPOINT }],
    read: (files) => readCheckpoint(files['checkpoint.safetensors']),
  },
  {
    name: 'zip',
    seeds: async () => {
      const files = await archived();
      return [{ 'films.zip': zipSync(files) }, { 'films.zip': zipSync(files, { level: 0 }) }, files, files];
    },
    read: (files) => {
      const zip = files['films.zip'] ?? zipSync(files, { level: 0 });
      readArchive(zip as Uint8Array<ArrayBuffer>, 'films.zip', 'here');
    },
  },
];
