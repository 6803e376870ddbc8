/**
 * What every method costs against full fine-tuning, in a process of its own. The floor they are held to is a
 * forward pass and the gradient of its input: prompt tuning with one virtual token, which has to go back
 * through every layer and has next to nothing of its own to learn.
 */
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import { METHOD_TYPES, type MethodType } from '../../src/deltas/defaults.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { adapter } from '../../src/deltas/adapter.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import { compileRun, type CompiledRun } from '../../src/train/compile.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { benchBatch } from '../../src/measure/batch.ts';
import { BENCH_RUN } from '../../src/measure/methods.ts';
import { bertConfig, bertModel } from '../../src/measure/random-bert.ts';
import { medianSpent, medianSpentRatio } from '../statistics.ts';
import { spent, type Spent } from './cases.ts';
import { serve } from './protocol.ts';

const { studio } = await openNodeStudio();

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
  /** All where none are named; the floor and full fine-tuning, which they are set beside, are there always. */
  methods?: MethodType[];
}

const FLOOR: MethodOptions = { type: 'prompt', virtualTokens: 1, initialization: 'random' };

/** Two adapters as they start, open for a fusion: what they hold changes nothing of what it costs. */
const FUSED = ['one', 'two'];

function withAdapters(model: DeltaModel): DeltaModel {
  const options = { type: 'adapter', bottleneck: 64, activation: 'silu', placement: 'pfeiffer' } as const;
  const { tensors, hubConfig } = adapter(model, options, 1);
  const opened = FUSED.map((name) => [name, { name, options, tensors, hubConfig: hubConfig! }] as const);
  return { ...model, adapters: new Map(opened) };
}

/** A method's defaults; a fusion takes the adapters that are open. */
function optionsOf(type: MethodType): MethodOptions {
  const options = defaultOptions(type);
  return options.type === 'fusion' ? { ...options, adapters: FUSED } : options;
}

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
    methods: asked = [...METHOD_TYPES],
  }: MethodCosts): Promise<MethodCostRow[]> {
    const config = bertConfig(hidden, layers);
    const model = withAdapters(bertModel(config));
    const methods: [CostedMethod, MethodOptions][] = [
      ['floor', FLOOR],
      ...METHOD_TYPES.filter((type) => type === 'full' || asked.includes(type)).map(
        (type): [CostedMethod, MethodOptions] => [type, optionsOf(type)],
      ),
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
      for (const [name, run] of runs) {
        const instance = await DeviceInstance.create(studio, run, model, { seed: 1 });
        // A decoder of prompts as it stands before it is trained.
        instance.write(new Map((run.delta.given ?? []).map((tensor) => [tensor.name, tensor.data])));
        instances.set(name, instance);
      }
      for (let round = 0; round <= count; round++) {
        for (const [name, instance] of instances) {
          const settings = { optimizerStep: round + 1, learningRate: 1e-5 };
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
