/**
 * What a delta may ask of training beside a gradient: a penalty with a schedule, states that follow updates, and
 * events at a step. The delta here is made for the test: the head, with rules of its own.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { attachAll, type Composition } from '../../src/deltas/compose.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import { gradientOf, joinRules, valueAt, type TrainingRules } from '../../src/deltas/rules.ts';
import type { SourceNode } from '../../src/graph/source.ts';
import { floatsOf, intInitializer, scalarInitializer } from '../../src/graph/tensor.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { compileDelta, type CompiledRun, type CompileRequest } from '../../src/train/compile.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { batchOf, ORACLES, oracleCases } from '../support/oracle.ts';

const WEIGHT = 'classifier.weight';
const BIAS = 'classifier.bias';
const RATE = 0.01;
const oracle = oracleCases('bert').find((one) => one.case === 'head')!;

let studio: Studio;
let model: DeltaModel;

beforeAll(async () => {
  ({ studio } = await openNodeStudio());
  const folder = join(ORACLES, 'bert');
  const loaded = await loadModel(modelFiles(folder), folder);
  const labels = Array.from({ length: oracle.labels }, (_, i) => `LABEL_${i}`);
  model = deltaModelOf(prepareForTask(loaded, { task: 'classification', labels, seed: 1 }));
});
afterAll(() => studio.destroy());

const node = (op: string, inputs: string[], output: string, attributes = {}): SourceNode => ({
  name: `/test/${output}`,
  op,
  domain: '',
  inputs,
  outputs: [output],
  attributes,
});

/** λ Σ w², λ falling by a straight line from 0.2 at step 1 to 0 at step 5. */
const PENALTY: TrainingRules = {
  penalties: [
    {
      nodes: [
        node('Mul', [WEIGHT, WEIGHT], 'test.squares'),
        node('ReduceSum', ['test.squares', 'test.axes'], 'test.sum', { keepdims: 0 }),
      ],
      initializers: [intInitializer('test.axes', [0, 1])],
      value: 'test.sum',
      weight: { kind: 'power', from: 0.2, to: 0, first: 1, last: 5, power: 1 },
    },
  ],
};

/** state = 0.5·state + 0.5·|p·g| of the bias, as importance is measured. */
const AVERAGE: TrainingRules = {
  states: [{ name: 'state.bias', dims: [oracle.labels] }],
  after: [
    {
      nodes: [
        node('Mul', [BIAS, gradientOf(BIAS)], 'test.product'),
        node('Abs', ['test.product'], 'test.size'),
        node('Add', ['state.bias', 'test.size'], 'test.both'),
        node('Mul', ['test.both', 'test.half'], 'test.average'),
      ],
      initializers: [scalarInitializer('test.half', 0.5)],
      writes: [{ value: 'test.average', to: 'state.bias' }],
    },
  ],
};

/** After steps 2 and 4 the first bias is zero. */
const EVENT: TrainingRules = {
  events: [
    {
      first: 2,
      every: 2,
      last: 5,
      reads: [BIAS, 'state.bias'],
      apply: (_step, values) => new Map([[BIAS, values.get(BIAS)!.map((v, i) => (i === 0 ? 0 : v))]]),
      restartsOptimizer: true,
    },
  ],
};

function compile(
  rules: TrainingRules[],
  { accumulation = 1, maxGradNorm = 0 }: { accumulation?: number; maxGradNorm?: number } = {},
): CompiledRun {
  const shapes = {
    batchSize: oracle.training.batchSize,
    lengths: [{ length: oracle.batches[0].input_ids[0].length }],
  };
  const request: CompileRequest = {
    model,
    modelKey: 'rules',
    method: { type: 'head' },
    loss: 'crossEntropy',
    seed: 1,
    dropout: 0,
    optimizer: {
      type: 'adamw',
      weightDecay: 0,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      maxGradNorm,
      accumulation,
    },
    training: shapes,
    adapter: studio.profile,
  };
  const head = attachAll(model, [{ type: 'head' }], 1);
  const delta: Composition = { ...head, training: joinRules(rules) };
  return compileDelta(request, model, delta);
}

const batch = (i: number) =>
  batchOf(
    oracle,
    i,
    model.graph.inputs.map(({ name }) => name),
  );

async function withRun<T>(compiled: CompiledRun, work: (run: DeviceInstance) => Promise<T>): Promise<T> {
  const run = await DeviceInstance.create(studio, compiled, model, { seed: 1 });
  try {
    const { predicted, allocated } = run.memory();
    expect(allocated).toEqual(predicted);
    return await work(run);
  } finally {
    run.destroy();
  }
}

async function steps(run: DeviceInstance, first: number, last: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = first; step <= last; step++) {
    losses.push((await run.step([batch(step)], { optimizerStep: step, learningRate: RATE })).loss);
    if (run.eventsAfter(step)) await run.applyEvents(step);
  }
  return losses;
}

describe('a penalty', () => {
  it('is told beside the loss, and the gradient is that of the sum', async () => {
    const plain = await withRun(compile([]), async (run) => {
      const result = await run.step([batch(1)], { optimizerStep: 1, learningRate: 0 });
      return { result, gradients: await run.readGradients() };
    });
    expect(plain.result.penalty).toBeUndefined();
    const weight = floatsOf(model.graph.initializers.get(WEIGHT)!);
    const squares = weight.reduce((sum, w) => sum + w * w, 0);
    for (const step of [1, 3, 5, 6]) {
      const factor = valueAt(PENALTY.penalties![0].weight, step);
      expect(factor).toBeCloseTo(0.2 * Math.max(0, 1 - (step - 1) / 4), 12);
      await withRun(compile([PENALTY]), async (run) => {
        const { loss, penalty } = await run.step([batch(1)], { optimizerStep: step, learningRate: 0 });
        expect(loss).toBe(plain.result.loss);
        expect(penalty).toBeCloseTo(factor * squares, 5);
        const gradients = await run.readGradients();
        const before = plain.gradients.get(WEIGHT)!;
        gradients
          .get(WEIGHT)!
          .forEach((g, i) => expect(g).toBeCloseTo(before[i] + 2 * factor * weight[i], 6));
        expect(gradients.get(BIAS)).toEqual(plain.gradients.get(BIAS));
      });
    }
  });

  it('counts once a step, however many micro-batches that has', async () => {
    const weight = floatsOf(model.graph.initializers.get(WEIGHT)!);
    const squares = weight.reduce((sum, w) => sum + w * w, 0);
    await withRun(compile([PENALTY], { accumulation: 2 }), async (run) => {
      const settings = { optimizerStep: 1, learningRate: 0 };
      const { penalty } = await run.step([batch(1), batch(2)], settings);
      expect(penalty).toBeCloseTo(0.2 * squares, 5);
      const summed = await run.readGradients();
      await withRun(compile([], { accumulation: 2 }), async (other) => {
        await other.step([batch(1), batch(2)], settings);
        const plain = await other.readGradients();
        summed
          .get(WEIGHT)!
          .forEach((g, i) => expect(g).toBeCloseTo(plain.get(WEIGHT)![i] + 0.4 * weight[i], 6));
      });
    });
  });
});

describe('after the update', () => {
  it('states follow the trained tensors and their clipped gradients', async () => {
    await withRun(compile([AVERAGE], { maxGradNorm: 0.05 }), async (run) => {
      let expected = new Float64Array(oracle.labels);
      for (let step = 1; step <= 3; step++) {
        const { gradNorm } = await run.step([batch(step)], { optimizerStep: step, learningRate: RATE });
        expect(gradNorm).toBeGreaterThan(0.05);
        const gradient = (await run.readGradients()).get(BIAS)!;
        const bias = (await run.read()).get(BIAS)!;
        const scale = 0.05 / (gradNorm + 1e-6);
        expected = expected.map((v, i) => 0.5 * (v + Math.abs(bias[i] * gradient[i] * scale)));
        const [state] = (await run.readMoments()).get('state.bias')!;
        state.forEach((v, i) => expect(Math.abs(v - expected[i])).toBeLessThan(1e-7));
      }
    });
  });

  it('a run taken up again goes on bit for bit, states and events included', async () => {
    const compiled = compile([PENALTY, AVERAGE, EVENT]);
    const [whole, moments, tensors] = await withRun(compiled, async (run) => [
      await steps(run, 1, 6),
      await run.readMoments(),
      await run.read(),
    ]);
    const saved = await withRun(compiled, async (run) => {
      await steps(run, 1, 4);
      return { tensors: await run.read(), moments: await run.readMoments() };
    });
    expect(saved.tensors.get(BIAS)![0]).toBe(0);
    for (const name of [BIAS, WEIGHT])
      expect(saved.moments.get(name)!.every((moment) => moment.every((v) => v === 0))).toBe(true);
    await withRun(compiled, async (run) => {
      run.write(saved.tensors);
      run.writeMoments(saved.moments);
      run.seek(4, 4);
      expect(await steps(run, 5, 6)).toEqual(whole.slice(4));
      expect(await run.read()).toEqual(tensors);
      expect(await run.readMoments()).toEqual(moments);
    });
  });
});
