/**
 * Dropout on the device against the float64 interpreter with the same random numbers, and its promises:
 * the same spec gives the same losses, steps and micro-batches differ, evaluation has none.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { attachLoss, LABELS, LOSS, WEIGHTS } from '../../src/autodiff/loss.ts';
import type { Batch } from '../../src/data/batch.ts';
import { attachDelta } from '../../src/deltas/registry.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { analyse } from '../../src/graph/analyse.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { insertDropout } from '../../src/graph/dropout.ts';
import { evaluateHost } from '../../src/graph/host.ts';
import { interpretProgram } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { floatsOf } from '../../src/graph/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { compileRun } from '../../src/train/compile.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { batchOf, oracleCases, ORACLES } from '../support/oracle.ts';
import { t5BatchOf, t5Cases } from '../support/oracle-t5.ts';
import type { Studio } from '../../src/plan/studio.ts';

const SEED = 11;
const METHOD = {
  type: 'lora',
  rank: 4,
  alpha: 8,
  dropout: 0.25,
  targets: ['q', 'v'],
  rankStabilized: false,
} satisfies MethodOptions;
const [ORACLE] = oracleCases('bert').filter((oracle) => oracle.case === 'full');
const [T5] = t5Cases('t5-gated').filter((oracle) => oracle.case === 'full');

/** A model and the recorded batches it is tried on. */
interface Subject {
  family: string;
  model: DeltaModel;
  batch: (step: number) => Batch;
}

let studio: Studio;
let bert: Subject;
let t5: Subject;

beforeAll(async () => {
  ({ studio } = await openNodeStudio());
  const load = (family: string) => loadModel(modelFiles(join(ORACLES, family)), family);
  const encoder = await load('bert');
  const model = deltaModelOf(
    prepareForTask(encoder, { task: 'classification', labels: encoder.labels, seed: 1 }),
  );
  const names = model.graph.inputs.map((input) => input.name);
  bert = { family: 'bert', model, batch: (step) => batchOf(ORACLE, step, names) };
  t5 = {
    family: 't5-gated',
    model: deltaModelOf(await load('t5-gated')),
    batch: (step) => t5BatchOf(T5, step),
  };
});
afterAll(() => studio.destroy());

async function instance({ family, model, batch }: Subject, dropout: number): Promise<DeviceInstance> {
  const { size, length, targetLength } = batch(0);
  const shapes = {
    batchSize: size,
    lengths: [{ length, ...(targetLength !== undefined && { targetLength }) }],
  };
  const compiled = compileRun({
    model,
    modelKey: family,
    method: dropout > 0 ? METHOD : { ...METHOD, dropout: 0 },
    loss: 'crossEntropy',
    seed: SEED,
    dropout,
    optimizer: {
      type: 'adamw',
      weightDecay: 0,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      maxGradNorm: 1,
      accumulation: 1,
    },
    training: shapes,
    evaluation: shapes,
    adapter: studio.profile,
  });
  return DeviceInstance.create(studio, compiled, model, { seed: SEED });
}

/** The loss of the first batch by the interpreter, with the masks of random step `step`. */
function expectedLoss({ model, batch: batchAt }: Subject, dropout: number, step: number): number {
  const graph = insertDropout(model.graph, model.roles, dropout, model.config);
  const roles = analyse(graph, model.parameters, model.config);
  const delta = attachDelta({ ...model, graph, roles }, METHOD, SEED);
  const batch = batchAt(0);
  const shapeOf = (name: string): number[] => [
    batch.size,
    name === 'decoder_input_ids' ? batch.targetLength! : batch.length,
  ];
  const inputShapes = Object.fromEntries(model.graph.inputs.map(({ name }) => [name, shapeOf(name)]));
  const { program, host } = compileForward(delta.graph, model.parameters, { inputShapes, mode: 'train' });
  const whole = attachLoss(program, program.outputs[0], 'crossEntropy');
  const given = new Map(
    [...evaluateHost(host, batch.inputs)].map(([id, data]) => [
      id,
      refTensor(whole.values.get(id)!.shape, data),
    ]),
  );
  const total = batch.weights.reduce((sum, weight) => sum + weight, 0);
  const shaped = (id: string, data: ArrayLike<number>) => refTensor(whole.values.get(id)!.shape, data);
  given.set(LABELS, shaped(LABELS, batch.labels));
  given.set(
    WEIGHTS,
    shaped(
      WEIGHTS,
      batch.weights.map((w) => w / total),
    ),
  );
  for (const { id, kind } of whole.values.values()) {
    if (kind !== 'parameter') continue;
    const { dims } = delta.graph.initializers.get(id)!;
    given.set(id, refTensor(dims, floatsOf(delta.graph.initializers.get(id)!)));
  }
  return interpretProgram(whole, given, { seed: SEED, step }).get(LOSS)!.data[0];
}

const settings = (optimizerStep: number): { optimizerStep: number; learningRate: number } => ({
  optimizerStep,
  learningRate: 0,
});

describe('dropout', () => {
  it.each(['bert', 't5'])(
    'of %s drops exactly what the interpreter drops, anew at every step',
    async (name) => {
      const subject = name === 'bert' ? bert : t5;
      const run = await instance(subject, 0.2);
      const losses: number[] = [];
      for (let step = 1; step <= 3; step++) {
        const { loss } = await run.step([subject.batch(0)], settings(step));
        losses.push(loss);
        expect(loss).toBeCloseTo(expectedLoss(subject, 0.2, step - 1), 5);
      }
      expect(new Set(losses).size).toBe(3);
      run.destroy();
    },
  );

  it('repeats itself for the same seed', async () => {
    const losses: number[][] = [];
    for (let round = 0; round < 2; round++) {
      const run = await instance(bert, 0.3);
      const results: number[] = [];
      for (let step = 1; step <= 3; step++) {
        const batch = bert.batch(step - 1);
        results.push((await run.step([batch], { optimizerStep: step, learningRate: 1e-2 })).loss);
      }
      losses.push(results);
      run.destroy();
    }
    expect(losses[1]).toEqual(losses[0]);
  });

  it('is absent from evaluation', async () => {
    const [dropped, plain] = [await instance(bert, 0.5), await instance(bert, 0)];
    const batch = bert.batch(0);
    expect(await dropped.forward(batch)).toEqual(await plain.forward(batch));
    dropped.destroy();
    plain.destroy();
  });
});
