/** Delta Studio, in its own process: the product's compiler, planner, kernels and executor. */
import { openNodeGpu } from '../../src/gpu/node-adapter.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { processorTime } from '../processor-time.ts';
import { timerOf } from '../../src/measure/timer.ts';
import { openStudio } from '../../src/gpu/studio.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import type { Batch } from '../../src/data/batch.ts';
import type { MemoryBytes } from '../../src/plan/plan.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { compileRun, type CompiledRun } from '../../src/train/compile.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { benchBatch, type BatchSize } from '../../src/measure/batch.ts';
import { timeMatmul, type MatmulCase, type MatmulResult } from '../../src/measure/matmul.ts';
import { BENCH_METHODS, BENCH_RUN, methodOptions, type BenchMethod } from '../../src/measure/methods.ts';
import { bertConfig, bertModel } from '../../src/measure/random-bert.ts';
import { spent, type Spent, type StackCase, type StepTimes } from './cases.ts';
import { serve } from './protocol.ts';

const { gpu, adapter, name } = await openNodeGpu();
const studio = await openStudio(gpu, nodeShaders, { adapter });
const time = timerOf(studio, { processorTime });

export interface MethodFacts {
  method: BenchMethod;
  trainableParameters: number;
  /** A training step without and with the optimizer's part. */
  dispatches: { compute: number; update: number };
  /** What one more layer adds, forward and backward. */
  dispatchesPerLayer: number;
  /** Of the training plan alone. */
  predicted: MemoryBytes;
  allocated: MemoryBytes;
  /** Compiling to plans; buffers, pipelines, bind groups, uploads. In ms. */
  compile: number;
  prepare: number;
}

export interface TrainTimes extends StepTimes {
  /** Of each step the part on the caller's thread: host values, upload, encoding, submits. In ms. */
  encode: number[];
}

interface Open {
  batch: Batch;
  instances: Map<BenchMethod, DeviceInstance>;
  steps: Map<BenchMethod, number>;
}

let open: Open | undefined;

function compile(
  model: DeltaModel,
  method: BenchMethod,
  { batchSize, length }: BatchSize,
  evaluated: boolean,
): CompiledRun {
  const shapes = { batchSize, lengths: [{ length }] };
  return compileRun({
    model,
    modelKey: `bench.${String(model.config['num_hidden_layers'])}.${model.roles.hidden}`,
    method: methodOptions(method),
    ...BENCH_RUN,
    training: shapes,
    ...(evaluated && { evaluation: shapes }),
    adapter: studio.profile,
  });
}

const calls = {
  about: (): { name: string; profile: AdapterProfile } => ({ name, profile: studio.profile }),

  matmul: (matmul: MatmulCase): Promise<MatmulResult> => timeMatmul(time, studio.profile, matmul),

  /** Makes an instance a method, all of the same model. */
  async open({ hidden, layers, ...size }: StackCase): Promise<MethodFacts[]> {
    const config = bertConfig(hidden, layers);
    const model = bertModel(config);
    const deeper = bertModel(bertConfig(hidden, layers + 1));
    open = { batch: benchBatch(size, config.vocabulary), instances: new Map(), steps: new Map() };
    const facts: MethodFacts[] = [];
    for (const method of BENCH_METHODS) {
      const start = performance.now();
      const compiled = compile(model, method, size, method === 'full');
      const compiledAt = performance.now();
      const instance = await DeviceInstance.create(studio, compiled, model, { seed: 1 });
      const ready = performance.now();
      open.instances.set(method, instance);
      const more = compile(deeper, method, size, false).dispatches.compute;
      facts.push({
        method,
        trainableParameters: compiled.trainableParameters,
        dispatches: compiled.dispatches,
        dispatchesPerLayer: more - compiled.dispatches.compute,
        ...instance.memory(),
        compile: compiledAt - start,
        prepare: ready - compiledAt,
      });
    }
    return facts;
  },

  async train({ method, steps }: { method: BenchMethod; steps: number }): Promise<TrainTimes> {
    const { batch, instances, steps: done } = open!;
    const instance = instances.get(method)!;
    const result: TrainTimes = { times: [], losses: [], encode: [] };
    for (let i = 0; i < steps; i++) {
      const optimizerStep = (done.get(method) ?? 0) + 1;
      done.set(method, optimizerStep);
      const step = async (): Promise<void> => {
        const start = performance.now();
        const pending = instance.step([batch], { optimizerStep, learningRate: 1e-4 });
        result.encode.push(performance.now() - start);
        result.losses.push((await pending).loss);
      };
      result.times.push(await spent(step));
    }
    return result;
  },

  /** The whole model's logits, with what full fine-tuning has made of it. */
  async forward(steps: number): Promise<Spent[]> {
    const { batch, instances } = open!;
    const times: Spent[] = [];
    for (let i = 0; i < steps; i++) times.push(await spent(() => instances.get('full')!.forward(batch)));
    return times;
  },

  close(): void {
    for (const instance of open?.instances.values() ?? []) instance.destroy();
    open = undefined;
  },

  /** Forecasts alone: bytes of a training plan. */
  forecast({ hidden, layers, sizes }: { hidden: number; layers: number; sizes: BatchSize[] }): {
    size: BatchSize;
    totals: Record<BenchMethod, number>;
  }[] {
    const model = bertModel(bertConfig(hidden, layers));
    return sizes.map((size) => {
      const totals = {} as Record<BenchMethod, number>;
      for (const method of BENCH_METHODS) totals[method] = compile(model, method, size, false).memory.total;
      return { size, totals };
    });
  },
};

export type DeltaCalls = typeof calls;
serve(calls);
