/** Training steps of a random BERT, by method, against what the adapter can do at most. */
import type { Plan } from '../../src/plan/plan.ts';
import type { RecomputeMode } from '../../src/plan/recompute-modes.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { compileRun } from '../../src/train/compile.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { benchBatch } from '../batch.ts';
import { BENCH_RUN, methodOptions, type BenchMethod } from '../methods.ts';
import { bertConfig, bertModel } from '../model.ts';

export interface StepShape {
  hidden: number;
  layers: number;
  batchSize: number;
  length: number;
}

export interface StepRow extends StepShape {
  method: BenchMethod;
  recompute?: RecomputeMode;
  /** Of a step, the middle of all. */
  milliseconds: number;
  tokensPerSecond: number;
  gflops: number;
  /** Share of the peak of multiply-adds. */
  utilisation: number;
  dispatches: number;
  mebibytes: number;
  /** Whether what was allocated is what was forecast, to the byte. */
  forecastExact: boolean;
  firstLoss: number;
}

/** What is trained: one step after another, the first ones left out. */
export interface StepRequest {
  method: BenchMethod;
  recompute?: RecomputeMode;
}

const work = ({ compute, update }: Plan): number =>
  [...compute, ...update].reduce((sum, { flops }) => sum + flops, 0);

export async function timeSteps(
  studio: Studio,
  shape: StepShape,
  requests: readonly StepRequest[],
  { peak, seconds }: { peak: number; seconds: number },
): Promise<StepRow[]> {
  const config = bertConfig(shape.hidden, shape.layers);
  const model = bertModel(config);
  const batch = benchBatch(shape, config.vocabulary);
  const rows: StepRow[] = [];
  for (const { method, recompute } of requests) {
    const compiled = compileRun({
      ...BENCH_RUN,
      model,
      modelKey: `measure.${shape.hidden}.${shape.layers}`,
      method: methodOptions(method),
      recompute,
      training: { batchSize: shape.batchSize, lengths: [{ length: shape.length }] },
      adapter: studio.profile,
    });
    const [{ plan }] = compiled.training.values();
    const instance = await DeviceInstance.create(studio, compiled, model, { seed: 1 });
    const times: number[] = [];
    let firstLoss = NaN;
    const end = performance.now() + 1000 * seconds;
    for (let step = 1; step <= 3 || (performance.now() < end && step <= 50); step++) {
      const start = performance.now();
      const { loss } = await instance.step([batch], { optimizerStep: step, learningRate: 1e-4 });
      if (step === 1) firstLoss = loss;
      else times.push(performance.now() - start);
    }
    const { predicted, allocated } = instance.memory();
    instance.destroy();
    times.sort((a, b) => a - b);
    const milliseconds = times[Math.floor(times.length / 2)];
    const gflops = work(plan) / milliseconds / 1e6;
    rows.push({
      ...shape,
      method,
      ...(recompute && { recompute }),
      milliseconds,
      tokensPerSecond: (1000 * shape.batchSize * shape.length) / milliseconds,
      gflops,
      utilisation: gflops / peak,
      dispatches: compiled.dispatches.compute + compiled.dispatches.update,
      mebibytes: allocated.total / 2 ** 20,
      forecastExact: JSON.stringify(predicted) === JSON.stringify(allocated),
      firstLoss,
    });
  }
  return rows;
}
