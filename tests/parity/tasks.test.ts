/**
 * One delta on two tasks in turn against PyTorch, on both back ends: 20 losses within 1e-5 relative, gradient norms,
 * the second task's head in the end. Heads learn in their own task's steps alone, and count them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import type { Model } from '../../src/models/model.ts';
import { withTaskHead } from '../../src/models/task-head.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { compileTasks, type CompileRequest } from '../../src/train/compile.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { stepSettings } from '../../src/train/schedule.ts';
import { TaskOrder } from '../../src/train/task-order.ts';
import { adaptersHere } from '../support/at-length.ts';
import { relative } from '../support/check-t5.ts';
import { napping } from '../support/napping.ts';
import { farthest } from '../support/random.ts';
import { batchOf, methodOf, optimizerOf, ORACLES, oracleCases, recordedTensors } from '../support/oracle.ts';
import type { OracleCase } from '../support/oracle.ts';
import { t5BatchOf, t5Cases, t5MethodOf } from '../support/oracle-t5.ts';
import type { T5Case } from '../support/oracle-t5.ts';

interface Fixture extends Pick<OracleCase, 'method' | 'training' | 'learningRates' | 'losses' | 'gradNorms'> {
  family: 'bert' | 't5';
  case: string;
  turns: number[];
  batches: [OracleCase['batches'], OracleCase['batches']];
  head: { weight: number[][]; bias: number[] } | null;
  finalHead: Fixture['head'];
}

const { cases } = JSON.parse(readFileSync(join(ORACLES, 'tasks.json'), 'utf8')) as { cases: Fixture[] };
const TASKS = ['first', 'second'];

napping();
describe('two tasks in turn', { timeout: 300_000 }, () => {
  // The same plans on the other back end: one case stands for all.
  for (const adapter of adaptersHere(['wasm', 'swiftshader']))
    it.each(adapter === 'wasm' ? cases : cases.slice(0, 1))(
      `$family/$case as in PyTorch on ${adapter}`,
      async (fixture) => {
        const { studio } = await openNodeStudio(adapter);
        try {
          await check(studio, fixture);
        } finally {
          studio.destroy();
        }
      },
    );

  it('come as often as their rows ask, dealt evenly', () => {
    const order = new TaskOrder({ steps: [2, 1], sampling: 'proportional', shuffle: false, seed: 1 });
    expect(cases[0].turns).toEqual(cases[0].turns.map((_, i) => order.at(i + 1).task));
  });
});

async function check(studio: Studio, fixture: Fixture): Promise<void> {
  const { family, training, head } = fixture;
  const folder = join(ORACLES, family);
  const loaded = await loadModel(modelFiles(folder), folder);
  const tables = fixture.batches.map(
    (batches) => ({ ...fixture, task: 'classification', batches }) as unknown as OracleCase,
  );
  const models: Model[] =
    head === null
      ? [loaded]
      : [
          ['a', 'b', 'c'],
          ['a', 'b'],
        ].map((labels, i) =>
          withTaskHead(prepareForTask(loaded, { task: 'classification', labels, seed: 1 }), TASKS[i]),
        );
  const inputs = loaded.graph.inputs.map(({ name }) => name);
  const batch = (task: number, index: number) =>
    head === null
      ? t5BatchOf(tables[task] as unknown as T5Case, index)
      : { ...batchOf(tables[task], index, inputs), task };
  const method = head === null ? t5MethodOf(fixture as unknown as T5Case) : methodOf(tables[0]);
  const requests = models.map((model, task): CompileRequest => {
    const { length, targetLength } = batch(task, 0);
    const shapes = { batchSize: training.batchSize, lengths: [{ length, targetLength }] };
    return {
      model: deltaModelOf(model),
      modelKey: loaded.hash,
      method,
      loss: 'crossEntropy',
      seed: 1,
      steps: training.steps,
      dropout: 0,
      optimizer: optimizerOf(tables[0]),
      training: shapes,
      evaluation: shapes,
      adapter: studio.profile,
    };
  });
  const compiled = compileTasks(requests);
  const instance = await DeviceInstance.create(studio, compiled, requests[0].model, { seed: 1 });
  try {
    writeStart(instance, fixture, compiled, models);
    const schedule = { type: 'linear', warmupSteps: 3 } as const;
    const { optimizer } = training;
    const rate = optimizer.learningRate ?? undefined;
    const about = { steps: training.steps, schedule, optimizer: { ...optimizer, learningRate: rate } };
    const had = [0, 0];
    for (const [i, task] of fixture.turns.entries()) {
      const batches = Array.from({ length: training.accumulation }, (_, k) =>
        batch(task, had[task] * training.accumulation + k),
      );
      had[task]++;
      const turn = head === null ? null : { step: had[task] };
      const settings = stepSettings(i + 1, fixture.learningRates[i], about as never, turn);
      const { loss, gradNorm } = await instance.step(batches, settings);
      expect(relative(loss, fixture.losses[i]), `loss of step ${i + 1}: ${loss}`).toBeLessThan(1e-5);
      expect(relative(gradNorm, fixture.gradNorms[i]), `norm of step ${i + 1}`).toBeLessThan(2e-3);
    }
    const { predicted, allocated } = instance.memory();
    expect(allocated).toEqual(predicted);
    if (head === null) return;
    const trained = await instance.read();
    const weight = trained.get('classifier.weight@second')!;
    const wanted = fixture.finalHead!.weight.flat();
    expect(farthest(weight, wanted)).toBeLessThan(1e-3);
  } finally {
    instance.destroy();
  }
}

/** The recorded start of the delta and the first head, and the second head. */
function writeStart(
  instance: DeviceInstance,
  { family, case: name, head }: Fixture,
  { delta, trainables }: ReturnType<typeof compileTasks>,
  models: readonly Model[],
): void {
  const known = family === 't5' ? t5Cases('t5') : oracleCases('bert');
  const { initial } = known.find((one) => one.case === name)!.tensors;
  if (initial) {
    const own = new Set(models[1]?.head);
    const plain = trainables.map((one) => ({ ...one, name: one.name.replace('@first', '') }));
    const parameters = new Map(
      [...models[0].parameters].map(([key, value]) => [key.replace('@first', ''), value]),
    );
    const layout = adapterLayout(
      delta,
      plain.filter((one) => !own.has(one.name)),
      parameters,
    );
    const start = recordedTensors(join(ORACLES, family, initial, 'adapter_model.safetensors'), layout);
    for (const [key, values] of start)
      instance.write(new Map([[key.startsWith('classifier.') ? `${key}@first` : key, values]]));
  }
  if (head === null) return;
  instance.write(
    new Map([
      ['classifier.weight@second', Float32Array.from(head.weight.flat())],
      ['classifier.bias@second', Float32Array.from(head.bias)],
    ]),
  );
}
