/**
 * Dropout on the device against the float64 interpreter with the same random numbers, and its promises:
 * the same spec gives the same losses, steps and micro-batches differ, evaluation has none.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { attachLoss, LABELS, LOSS, WEIGHTS } from '../../src/autodiff/loss.ts';
import { attachDelta } from '../../src/deltas/registry.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import { openNodeGpu } from '../../src/gpu/node-adapter.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { openStudio } from '../../src/gpu/studio.ts';
import type { Studio } from '../../src/gpu/studio.ts';
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
import { GpuInstance } from '../../src/train/gpu-instance.ts';
import { batchOf, oracleCases, ORACLES } from '../support/oracle.ts';

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
const SHAPES = {
  batchSize: ORACLE.training.batchSize,
  lengths: [{ length: ORACLE.batches[0].input_ids[0].length }],
};

let studio: Studio;
let model: DeltaModel;

beforeAll(async () => {
  const { gpu, adapter } = await openNodeGpu();
  studio = await openStudio(gpu, nodeShaders, { adapter });
  const folder = join(ORACLES, 'bert');
  const loaded = await loadModel(modelFiles(folder), folder);
  model = deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 1 }));
});
afterAll(() => studio.destroy());

const inputNames = (): string[] => model.graph.inputs.map((input) => input.name);

async function instance(dropout: number): Promise<GpuInstance> {
  const compiled = compileRun({
    model,
    modelKey: 'bert',
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
    training: SHAPES,
    evaluation: SHAPES,
    adapter: studio.profile,
  });
  return GpuInstance.create(studio, compiled, model, { seed: SEED });
}

/** The loss of the first batch by the interpreter, with the masks of random step `step`. */
function expectedLoss(dropout: number, step: number): number {
  const graph = insertDropout(model.graph, model.roles, dropout, model.config);
  const roles = analyse(graph, model.parameters, model.config);
  const delta = attachDelta({ ...model, graph, roles }, METHOD, SEED);
  const shape = [SHAPES.batchSize, SHAPES.lengths[0].length];
  const inputShapes = Object.fromEntries(inputNames().map((name) => [name, shape]));
  const { program, host } = compileForward(delta.graph, model.parameters, { inputShapes, mode: 'train' });
  const whole = attachLoss(program, program.outputs[0], 'crossEntropy');
  const batch = batchOf(ORACLE, 0, inputNames());
  const given = new Map(
    [...evaluateHost(host, batch.inputs)].map(([id, data]) => [
      id,
      refTensor(whole.values.get(id)!.shape, data),
    ]),
  );
  given.set(LABELS, refTensor([batch.size], batch.labels));
  given.set(
    WEIGHTS,
    refTensor(
      [batch.size],
      batch.weights.map((w) => w / batch.rows),
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
  it('drops exactly what the interpreter drops, anew at every step', async () => {
    const run = await instance(0.2);
    const losses: number[] = [];
    for (let step = 1; step <= 3; step++) {
      const { loss } = await run.step([batchOf(ORACLE, 0, inputNames())], settings(step));
      losses.push(loss);
      expect(loss).toBeCloseTo(expectedLoss(0.2, step - 1), 5);
    }
    expect(new Set(losses).size).toBe(3);
    run.destroy();
  });

  it('repeats itself for the same seed', async () => {
    const losses: number[][] = [];
    for (let round = 0; round < 2; round++) {
      const run = await instance(0.3);
      const results: number[] = [];
      for (let step = 1; step <= 3; step++) {
        const batch = batchOf(ORACLE, step - 1, inputNames());
        results.push((await run.step([batch], { optimizerStep: step, learningRate: 1e-2 })).loss);
      }
      losses.push(results);
      run.destroy();
    }
    expect(losses[1]).toEqual(losses[0]);
  });

  it('is absent from evaluation', async () => {
    const [dropped, plain] = [await instance(0.5), await instance(0)];
    const batch = batchOf(ORACLE, 0, inputNames());
    expect(await dropped.forward(batch)).toEqual(await plain.forward(batch));
    dropped.destroy();
    plain.destroy();
  });
});
