/**
 * Weighted classes against PyTorch's weighted cross-entropy on both back ends: 20 losses within 1e-5 relative, over
 * accumulated and partial batches, from the batches that a run makes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { TrainingBatches } from '../../src/data/batching/batcher.ts';
import type { EncodedDataset } from '../../src/data/batching/encoded.ts';
import { FlatRows } from '../../src/data/batching/flat-rows.ts';
import { classWeights, type ClassWeights } from '../../src/data/class-weights.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { compileRun } from '../../src/train/compile.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { adaptersHere } from '../support/at-length.ts';
import { napping } from '../support/napping.ts';
import { methodOf, optimizerOf, ORACLES, oracleCases, recordedTensors } from '../support/oracle.ts';
import type { Studio } from '../../src/plan/studio.ts';

interface Fixture {
  batchSize: number;
  batches: {
    input_ids: number[][];
    attention_mask: number[][];
    token_type_ids: number[][];
    labels: number[];
  }[];
  cases: {
    name: string;
    case: string;
    classWeights: 'balanced' | number[];
    weights: number[];
    accumulation: number;
    learningRate: number;
    losses: number[];
  }[];
}

const fixture = JSON.parse(readFileSync(join(ORACLES, 'class-weights.json'), 'utf8')) as Fixture;
const LABELS = ['0', '1', '2'];

/** The recorded rows as a run has them, padding off. */
function rowsOf({ batches }: Fixture): EncodedDataset {
  const all = batches.flatMap((batch) =>
    batch.input_ids.map((ids, row) => {
      const length = batch.attention_mask[row].filter((seen) => seen === 1).length;
      return { ids: ids.slice(0, length), types: batch.token_type_ids[row].slice(0, length) };
    }),
  );
  const rows = new FlatRows(all.length, 10);
  for (const { ids, types } of all) rows.add(ids, types);
  const labels = Int32Array.from(batches.flatMap((batch) => batch.labels));
  return {
    dataset: { labels } as unknown as Dataset,
    rows: all.length,
    ...rows.arrays(),
    labels,
    targets: null,
    maxLength: 10,
    truncated: 0,
    unknown: 0,
    leftOut: null,
    longest: rows.longest,
    padId: 0,
  };
}

async function losses(studio: Studio, wanted: Fixture['cases'][number]): Promise<number[]> {
  const folder = join(ORACLES, 'bert');
  const oracle = oracleCases('bert').find((one) => one.case === wanted.case)!;
  const model = prepareForTask(await loadModel(modelFiles(folder), folder), {
    task: 'classification',
    labels: LABELS,
    seed: 1,
  });
  const data = rowsOf(fixture);
  const given: ClassWeights =
    wanted.classWeights === 'balanced'
      ? 'balanced'
      : Object.fromEntries(wanted.classWeights.map((weight, index) => [LABELS[index], weight]));
  const { weights, notes } = classWeights(given, { names: LABELS, source: 'indices' }, data.labels);
  expect(notes).toEqual([]);
  weights.forEach((weight, index) => expect(weight).toBeCloseTo(wanted.weights[index], 14));
  const batches = new TrainingBatches(data, {
    batchSize: fixture.batchSize,
    inputs: model.graph.inputs.map(({ name }) => name),
    shuffle: false,
    seed: 1,
    gradientAccumulation: wanted.accumulation,
    classWeights: weights,
  });
  const deltaModel = deltaModelOf(model);
  const compiled = compileRun({
    model: deltaModel,
    modelKey: model.hash,
    method: methodOf(oracle),
    loss: 'crossEntropy',
    seed: 1,
    dropout: 0,
    optimizer: { ...optimizerOf(oracle), accumulation: wanted.accumulation, maxGradNorm: 0 },
    training: { batchSize: fixture.batchSize, lengths: batches.lengths(20) },
    adapter: studio.profile,
  });
  const instance = await DeviceInstance.create(studio, compiled, deltaModel, { seed: 1 });
  try {
    if (oracle.tensors.initial !== null) {
      const layout = adapterLayout(compiled.delta, compiled.trainables, model.parameters);
      const initial = join(folder, oracle.tensors.initial, 'adapter_model.safetensors');
      instance.write(recordedTensors(initial, layout));
    }
    const found: number[] = [];
    for (let step = 1; step <= 20; step++) {
      const settings = { optimizerStep: step, learningRate: wanted.learningRate };
      found.push((await instance.step(batches.step(step), settings)).loss);
    }
    return found;
  } finally {
    instance.destroy();
  }
}

napping();
describe.each(adaptersHere(['wasm', 'swiftshader']))('weighted cross-entropy on %s', (adapter) => {
  it("is PyTorch's over 20 steps", async () => {
    const { studio } = await openNodeStudio(adapter);
    try {
      for (const wanted of fixture.cases) {
        const found = await losses(studio, wanted);
        const off = found.map((loss, step) => Math.abs(loss - wanted.losses[step]) / wanted.losses[step]);
        expect(Math.max(...off), `${wanted.name}: ${off.join(' ')}`).toBeLessThan(1e-5);
      }
    } finally {
      studio.destroy();
    }
  }, 180_000);
});
