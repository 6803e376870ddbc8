/**
 * A run that is cut short and taken up from its checkpoint, through the checkpoint's file, is the run that
 * was never cut short: every loss, every evaluation and every trained value, bit for bit, with dropout,
 * accumulated gradients, kept best weights and stages.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import type { EncodedDataset } from '../../src/data/batching/encoded.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { loadModel } from '../../src/models/load.ts';
import { inOnePiece } from '../../src/onnx/safetensors.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { readCheckpoint, writeCheckpoint } from '../../src/runs/checkpoint-file.ts';
import { completeSpec, readSpec, type RunSpec } from '../../src/runs/spec.ts';
import type { StagedCheckpoint } from '../../src/train/checkpoint.ts';
import { compare, type RunOutcome } from '../../src/train/comparison.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import type { RunEvent } from '../../src/train/events.ts';
import type { Prepared } from '../../src/train/prepared.ts';
import { ORACLES } from '../support/oracle.ts';
import type { Studio } from '../../src/plan/studio.ts';

const LABELS = ['LABEL_0', 'LABEL_1', 'LABEL_2'];
let studio: Studio;
let prepared: Prepared;

/** Rows of six tokens whose label is their first token's remainder. */
function rows(count: number, shift: number): EncodedDataset {
  const ids = Int32Array.from({ length: count * 6 }, (_, i) => 5 + ((i * 7 + shift) % 40));
  return {
    dataset: { name: 'made up' } as EncodedDataset['dataset'],
    rows: count,
    ids,
    typeIds: new Uint8Array(ids.length),
    offsets: Int32Array.from({ length: count + 1 }, (_, i) => i * 6),
    labels: Int32Array.from({ length: count }, (_, i) => ids[i * 6] % 3),
    targets: null,
    maxLength: 8,
    truncated: 0,
    unknown: 0,
    leftOut: null,
    longest: 6,
    padId: 0,
  };
}

beforeAll(async () => {
  ({ studio } = await openNodeStudio());
  const folder = join(ORACLES, 'bert');
  const loaded = await loadModel(modelFiles(folder), folder);
  const model = prepareForTask(loaded, { task: 'classification', labels: LABELS, seed: 1 });
  const train = rows(22, 0);
  prepared = {
    base: loaded,
    model,
    deltaModel: deltaModelOf(model),
    tokenizer: null as unknown as Prepared['tokenizer'], // Rows are encoded already.
    columns: { text: ['text'], label: 'label' },
    labelSpace: { names: LABELS, source: 'id2label' },
    outputs: 3,
    train,
    validation: rows(9, 3),
    test: null,
    trainSample: train,
    seed: 5,
    notes: [],
  };
});
afterAll(() => studio.destroy());

function spec(method: object, training: object = {}): RunSpec {
  return completeSpec(
    readSpec({
      model: { source: 'bert' },
      data: { train: 'train.tsv', validation: 'dev.tsv', maxLength: 8 },
      ...method,
      training: {
        steps: 7,
        batchSize: 4,
        gradientAccumulation: 2,
        dropout: 0.2,
        evaluateEvery: 2,
        metric: 'loss',
        seed: 5,
        ...training,
      },
    }),
  );
}

interface Told {
  events: RunEvent[];
  outcome: RunOutcome;
  /** State and number of events at every checkpoint. */
  kept: { state: StagedCheckpoint; events: number }[];
}

/** @param due at which evaluations or steps a checkpoint is taken */
async function train(run: RunSpec, resume?: StagedCheckpoint): Promise<Told> {
  const events: RunEvent[] = [];
  const kept: Told['kept'] = [];
  const outcomes: RunOutcome[] = [];
  await compare(studio, prepared, {
    runs: [{ key: 'run', spec: run }],
    order: 'inTurn',
    emit: (_, event) => events.push(event),
    ended: (one) => void outcomes.push(one),
    checkpoints: () => ({
      due: () => true,
      keep: (state) => void kept.push({ state, events: events.length }),
    }),
    ...(resume && { resume: new Map([['run', resume]]) }),
  });
  return { events, outcome: outcomes[0], kept };
}

/** What must agree; times do not. */
function timeless(events: readonly RunEvent[]): unknown[] {
  return events.map((event) => {
    if (event.type === 'step') return { ...event, milliseconds: 0 };
    if (event.type === 'end') return { ...event, seconds: 0 };
    return event;
  });
}

it('goes on bit for bit in its second stage', async () => {
  const run = spec({ stages: [{ type: 'head' }, { type: 'lora', rank: 2, dropout: 0.1 }] });
  const whole = await train(run);
  expect(whole.outcome.end.reason).toBe('completed');
  // In the middle of the last stage, between two evaluations.
  const at = whole.kept.findLast(({ state }) => state.run.step === 5)!;
  expect(at.state.stage).toBe(1);
  const again = readCheckpoint(inOnePiece(writeCheckpoint(at.state)));
  expect(again).toEqual(at.state);
  const rest = await train(run, again);
  expect(timeless(rest.events)).toEqual(timeless(whole.events.slice(at.events)));
  expect(rest.outcome.adapterStep).toBe(whole.outcome.adapterStep);
  expect(rest.outcome.adapter).toEqual(whole.outcome.adapter);
}, 240_000);

it('still has what the best step answered, where that lies before the checkpoint', async () => {
  const learningRate = 2;
  const run = spec({ method: { type: 'head' } }, { optimizer: { learningRate } });
  const whole = await train(run);
  const at = whole.kept.findLast(({ state }) => state.run.step === 5)!;
  const best = whole.outcome.end.best!.step;
  expect(best).toBeLessThan(4);
  expect(whole.outcome.adapterStep).toBe(best);
  expect(whole.outcome.predictions!.step).toBe(best);
  expect(whole.events.find((event) => event.type === 'answers')).toMatchObject({ step: best });
  const again = readCheckpoint(inOnePiece(writeCheckpoint(at.state)));
  expect(again).toEqual(at.state);
  const rest = await train(run, again);
  expect(timeless(rest.events)).toEqual(timeless(whole.events.slice(at.events)));
  expect(rest.outcome.predictions).toEqual(whole.outcome.predictions);
}, 240_000);
