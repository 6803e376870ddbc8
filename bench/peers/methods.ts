/**
 * What every method costs against full fine-tuning, in a process of its own. The floor they are held to is a
 * forward pass and the gradient of its input: prompt tuning with one virtual token, which has to go back
 * through every layer and has next to nothing of its own to learn.
 */
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import { METHOD_TYPES, type MethodType } from '../../src/deltas/defaults.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { openNodeGpu } from '../../src/gpu/node-adapter.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { openStudio } from '../../src/gpu/studio.ts';
import { compileRun, type CompiledRun } from '../../src/train/compile.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { benchBatch } from '../../src/measure/batch.ts';
import { BENCH_RUN } from '../../src/measure/methods.ts';
import { bertConfig, bertModel } from '../../src/measure/random-bert.ts';
import { medianSpent, medianSpentRatio } from '../statistics.ts';
import { spent, type Spent } from './cases.ts';
import { serve } from './protocol.ts';

const { gpu, adapter } = await openNodeGpu();
const studio = await openStudio(gpu, nodeShaders, { adapter });

/** `floor` is what the methods are held to, no method of the product. */
export type CostedMethod = MethodType | 'floor';

export interface MethodCostRow {
  method: CostedMethod;
  batchSize: number;
  length: number;
  trainableParameters: number;
  /** Peak of the training plan, and of it what is not the shared base model. */
  total: number;
  own: number;
  /** Arithmetic of a step, relative to full fine-tuning's and to the floor's. */
  flopsToFull: number;
  flopsToFloor: number;
  /** Of a step, in the same rounds; null where only planned. */
  milliseconds: Spent | null;
  timeToFull: Spent | null;
  timeToFloor: Spent | null;
}

export interface MethodCosts {
  hidden: number;
  layers: number;
  length: number;
  batchSizes: number[];
  /** Batches up to this size are run, larger ones planned. */
  measureTo: number;
  rounds: number;
}

const FLOOR: MethodOptions = { type: 'prompt', virtualTokens: 1, initialization: 'random' };

const flopsOf = ({ training }: CompiledRun): number =>
  [...training.values()][0].plan.compute.reduce((sum, dispatch) => sum + dispatch.flops, 0);

const calls = {
  async costs({
    hidden,
    layers,
    length,
    batchSizes,
    measureTo,
    rounds,
  }: MethodCosts): Promise<MethodCostRow[]> {
    const config = bertConfig(hidden, layers);
    const model = bertModel(config);
    const methods: [CostedMethod, MethodOptions][] = [
      ['floor', FLOOR],
      ...METHOD_TYPES.map((type): [CostedMethod, MethodOptions] => [type, defaultOptions(type)]),
    ];
    const rows: MethodCostRow[] = [];
    for (const batchSize of batchSizes) {
      const compiled = new Map(
        methods.map(([name, method]) => [
          name,
          compileRun({
            model,
            modelKey: `bench.${layers}.${hidden}`,
            method,
            ...BENCH_RUN,
            training: { batchSize, lengths: [{ length }] },
            adapter: studio.profile,
          }),
        ]),
      );
      const times = batchSize <= measureTo ? await measure(compiled, { batchSize, length }, rounds) : null;
      const flops = (name: CostedMethod): number => flopsOf(compiled.get(name)!);
      const ratio = (name: CostedMethod, to: CostedMethod): Spent | null =>
        times && medianSpentRatio(times.get(name)!, times.get(to)!);
      for (const [method, run] of compiled)
        rows.push({
          method,
          batchSize,
          length,
          trainableParameters: run.trainableParameters,
          total: run.memory.total,
          own: run.memory.total - run.memory.frozenWeights,
          flopsToFull: flops(method) / flops('full'),
          flopsToFloor: flops(method) / flops('floor'),
          milliseconds: times && medianSpent(times.get(method)!),
          timeToFull: ratio(method, 'full'),
          timeToFloor: ratio(method, 'floor'),
        });
    }
    return rows;

    /** Every method takes a step in every round, so that drifts of the machine cancel in the ratios. */
    async function measure(
      runs: ReadonlyMap<CostedMethod, CompiledRun>,
      size: { batchSize: number; length: number },
      count: number,
    ): Promise<Map<CostedMethod, Spent[]>> {
      const batch = benchBatch(size, config.vocabulary);
      const times = new Map<CostedMethod, Spent[]>([...runs.keys()].map((name) => [name, []]));
      const instances = new Map<CostedMethod, DeviceInstance>();
      for (const [name, run] of runs)
        instances.set(name, await DeviceInstance.create(studio, run, model, { seed: 1 }));
      for (let round = 0; round <= count; round++) {
        for (const [name, instance] of instances) {
          const settings = { optimizerStep: round + 1, learningRate: 1e-4 };
          const took = await spent(() => instance.step([batch], settings));
          // The first round makes pipelines.
          if (round > 0) times.get(name)!.push(took);
        }
      }
      for (const instance of instances.values()) instance.destroy();
      return times;
    }
  },
};

export type MethodCalls = typeof calls;
serve(calls);
