/** A training step of a T5 by several methods, in turn, on one batch. */
import type { Batch } from '../src/data/batch.ts';
import type { DeltaModel } from '../src/deltas/delta.ts';
import type { GpuStudio } from '../src/gpu/studio.ts';
import { analyse } from '../src/graph/analyse.ts';
import { compileRun } from '../src/train/compile.ts';
import { DeviceInstance } from '../src/train/device-instance.ts';
import { BENCH_RUN, methodOptions } from '../src/measure/methods.ts';
import { spent, type Spent } from './peers/cases.ts';
import type { T5StepRow } from './results.ts';
import { medianSpent, medianSpentRatio } from './statistics.ts';
import { t5Model, type T5Config } from './t5-model.ts';

export interface T5StepCase extends T5Config {
  batchSize: number;
  length: number;
  targetLength: number;
  rounds: number;
}

const METHODS = ['full', 'lora', 'prompt'] as const;

/** The bench's T5 as methods take it. */
export function t5DeltaModel(config: T5Config, fill?: Parameters<typeof t5Model>[1]): DeltaModel {
  const { graph, parameters, config: names } = t5Model(config, fill);
  return { graph, parameters, roles: analyse(graph, parameters, names), head: [], config: names };
}

/** Full rows of arbitrary ids, every target token counted alike. */
function batchOf({ batchSize: size, length, targetLength, vocabulary }: T5StepCase): Batch {
  const ids = (columns: number, factor: number): Int32Array =>
    Int32Array.from({ length: size * columns }, (_, i) => 2 + ((i * factor) % (vocabulary - 2)));
  return {
    size,
    length,
    targetLength,
    rows: size,
    inputs: {
      input_ids: ids(length, 31),
      attention_mask: new Int32Array(size * length).fill(1),
      decoder_input_ids: ids(targetLength, 37),
    },
    labels: ids(targetLength, 41),
    weights: new Float32Array(size * targetLength).fill(1),
    indices: Array.from({ length: size }, (_, row) => row),
    tokens: size * (length + targetLength),
  };
}

/** Times of all methods, measured next to each other in every round; two steps of each come before. */
export async function timeT5Steps(studio: GpuStudio, bench: T5StepCase): Promise<T5StepRow> {
  const { batchSize, length, targetLength, rounds } = bench;
  const model = t5DeltaModel(bench);
  const batch = batchOf(bench);
  const shapes = { batchSize, lengths: [{ length, targetLength }] };
  const instances: DeviceInstance[] = [];
  for (const method of METHODS) {
    const compiled = compileRun({
      model,
      modelKey: `t5.${bench.hidden}`,
      method: methodOptions(method),
      ...BENCH_RUN,
      training: shapes,
      evaluates: 'tokenLosses',
      adapter: studio.profile,
    });
    instances.push(await DeviceInstance.create(studio, compiled, model, { seed: 1 }));
  }
  const times: Spent[][] = METHODS.map(() => []);
  for (let step = 1; step <= rounds + 2; step++)
    for (const [i, instance] of instances.entries()) {
      const taken = await spent(() => instance.step([batch], { optimizerStep: step, learningRate: 1e-4 }));
      if (step > 2) times[i].push(taken);
    }
  const methods = METHODS.map((method, i) => {
    const { allocated, predicted } = instances[i].memory();
    return {
      method,
      milliseconds: medianSpent(times[i]),
      ratioToFull: medianSpentRatio(times[i], times[0]),
      memory: allocated,
      forecastIsExact: JSON.stringify(allocated) === JSON.stringify(predicted),
    };
  });
  for (const instance of instances) instance.destroy();
  return { ...bench, methods };
}
