/** Delta Studio's steps one method at a time, on any adapter (`DELTA_ADAPTER`), in a process of its own. */
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { CpuStudio } from '../../src/cpu/studio.ts';
import type { MemoryBytes } from '../../src/plan/plan.ts';
import { compileRun } from '../../src/train/compile.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { benchBatch } from '../../src/measure/batch.ts';
import { BENCH_RUN, methodOptions } from '../../src/measure/methods.ts';
import { bertConfig, bertModel } from '../../src/measure/random-bert.ts';
import { spent, type MethodCase, type Spent, type StepTimes } from './cases.ts';
import { serve } from './protocol.ts';

const { studio, wait } = await openNodeStudio();

export interface StepFacts {
  predicted: MemoryBytes;
  allocated: MemoryBytes;
  dispatches: { compute: number; update: number };
  /** Compiling to a plan; memory, uploads, kernels. In ms. */
  compile: number;
  prepare: number;
  /** Resident in this process before, with the model on the host alone. */
  modelBytes: number;
}

let open: { instance: DeviceInstance; batch: ReturnType<typeof benchBatch>; steps: number } | undefined;

const calls = {
  about: (): string => studio.profile.description,

  async open({ hidden, layers, method, ...size }: MethodCase): Promise<StepFacts> {
    const config = bertConfig(hidden, layers);
    const model = bertModel(config);
    const modelBytes = process.memoryUsage.rss();
    const start = performance.now();
    const shapes = { batchSize: size.batchSize, lengths: [{ length: size.length }] };
    const compiled = compileRun({
      model,
      modelKey: `steps.${layers}.${hidden}`,
      method: methodOptions(method),
      ...BENCH_RUN,
      training: shapes,
      evaluation: shapes,
      adapter: studio.profile,
    });
    const compiledAt = performance.now();
    const instance = await DeviceInstance.create(studio, compiled, model, { seed: 1 });
    const ready = performance.now();
    open = { instance, batch: benchBatch(size, config.vocabulary), steps: 0 };
    return {
      ...instance.memory(),
      dispatches: compiled.dispatches,
      compile: compiledAt - start,
      prepare: ready - compiledAt,
      modelBytes,
    };
  },

  async train(steps: number): Promise<StepTimes> {
    const result: StepTimes = { times: [], losses: [] };
    for (let i = 0; i < steps; i++)
      result.times.push(
        await spent(async () => {
          const settings = { optimizerStep: ++open!.steps, learningRate: 1e-4 };
          result.losses.push((await wait(open!.instance.step([open!.batch], settings))).loss);
        }),
      );
    return result;
  },

  async forward(steps: number): Promise<Spent[]> {
    const times: Spent[] = [];
    for (let i = 0; i < steps; i++) times.push(await spent(() => wait(open!.instance.forward(open!.batch))));
    return times;
  },

  /** Bytes of WebAssembly's memory (0 on a GPU), and of the process. */
  bytes: (): { wasm: number; resident: number } => ({
    wasm: studio instanceof CpuStudio ? studio.space.memory.buffer.byteLength : 0,
    resident: process.memoryUsage.rss(),
  }),

  close(): void {
    open?.instance.destroy();
    open = undefined;
  },
};

export type StepCalls = typeof calls;
serve(calls);
