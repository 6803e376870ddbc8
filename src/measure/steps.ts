/** Training steps of a random BERT, by method, against what the adapter can do at most. */
import type { DeltaModel } from '../deltas/delta.ts';
import type { Plan } from '../plan/plan.ts';
import type { RecomputeMode } from '../plan/recompute-modes.ts';
import type { Studio } from '../plan/studio.ts';
import { compileRun, type CompiledRun } from '../train/compile.ts';
import { DeviceInstance } from '../train/device-instance.ts';
import { benchBatch } from './batch.ts';
import { BENCH_RUN, methodOptions, type BenchMethod } from './methods.ts';
import { bertConfig, bertModel, bertTensors, normals } from './random-bert.ts';

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

/** Numbers that are drawn of each weight; of longer ones they stand again. */
const DRAWN = 2 ** 16;

function weights(name: string, length: number): Float32Array {
  const drawn = normals(name, Math.min(length, DRAWN));
  if (length <= DRAWN) return drawn;
  const result = new Float32Array(length);
  for (let at = 0; at < length; at += DRAWN) result.set(drawn.subarray(0, length - at), at);
  return result;
}

/** The model that steps of a shape train; made once for all methods. */
export function stepModel({ hidden, layers }: StepShape): DeltaModel {
  const config = bertConfig(hidden, layers);
  return bertModel(config, bertTensors(config, weights));
}

export interface StepOptions {
  /** GFLOP/s that the adapter does at most. */
  peak: number;
  /** How long to go on. */
  seconds: number;
}

/**
 * Steps of one method, kernels chosen as a run's are.
 * @throws StudioError('device') where it needs more memory than there is
 */
export async function timeStep(
  studio: Studio,
  model: DeltaModel,
  shape: StepShape,
  { method, recompute }: StepRequest,
  { peak, seconds }: StepOptions,
): Promise<StepRow> {
  const compile = (): CompiledRun =>
    compileRun({
      ...BENCH_RUN,
      model,
      modelKey: `measure.${shape.hidden}.${shape.layers}`,
      method: methodOptions(method),
      recompute,
      training: { batchSize: shape.batchSize, lengths: [{ length: shape.length }] },
      adapter: studio.profile,
    });
  let compiled = compile();
  if (await studio.tune?.([...compiled.training.values()].map(({ plan }) => plan))) compiled = compile();
  const [{ plan }] = compiled.training.values();
  const batch = benchBatch(shape, bertConfig(shape.hidden, shape.layers).vocabulary);
  const instance = await DeviceInstance.create(studio, compiled, model, { seed: 1 });
  try {
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
    times.sort((a, b) => a - b);
    const milliseconds = times[Math.floor(times.length / 2)];
    const gflops = work(plan) / milliseconds / 1e6;
    return {
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
    };
  } finally {
    instance.destroy();
  }
}
