/** How long a comparison of the built-in model takes to get going on a fresh device, in its own process. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openNodeGpu } from '../../src/gpu/node-adapter.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { openStudio } from '../../src/gpu/studio.ts';
import { filesFromMemory } from '../../src/models/files.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import { compileRun } from '../../src/train/compile.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { benchBatch } from '../../src/measure/batch.ts';
import { BENCH_METHODS, BENCH_RUN, methodOptions } from '../../src/measure/methods.ts';
import type { PreparationRow } from '../results.ts';
import { median } from '../statistics.ts';
import { serve } from './protocol.ts';

const FOLDER = fileURLToPath(new URL('../../public/models/bert-l4-h128/', import.meta.url));
const BATCH_SIZE = 16;

const calls = {
  async prepare(lengths: number[]): Promise<PreparationRow[]> {
    const file = (name: string): Uint8Array => new Uint8Array(readFileSync(FOLDER + name));
    const files = { 'model.onnx': file('model.onnx'), 'config.json': file('config.json') };
    const loaded = await loadModel(filesFromMemory(files), 'builtin:bert-l4-h128');
    const labels = ['negative', 'positive'];
    const model = prepareForTask(loaded, { task: 'classification', labels, seed: 1 });
    const deltaModel = deltaModelOf(model);
    const { gpu, adapter } = await openNodeGpu();
    const studio = await openStudio(gpu, nodeShaders, { adapter });
    const shapes = { batchSize: BATCH_SIZE, lengths: lengths.map((length) => ({ length })) };
    const rows: PreparationRow[] = [];
    for (const method of BENCH_METHODS) {
      const start = performance.now();
      const compiled = compileRun({
        model: deltaModel,
        modelKey: model.hash,
        method: methodOptions(method),
        ...BENCH_RUN,
        training: shapes,
        evaluation: shapes,
        adapter: studio.profile,
      });
      const compiledAt = performance.now();
      const before = studio.counters.pipelines;
      const instance = await DeviceInstance.create(studio, compiled, deltaModel, { seed: 1 });
      const created = performance.now();
      const batches = lengths.map((length) => benchBatch({ batchSize: BATCH_SIZE, length }, 8192));
      const step = async (at: number): Promise<number> => {
        const from = performance.now();
        const settings = { optimizerStep: at + 1, learningRate: 1e-4 };
        await instance.step([batches[at % batches.length]], settings);
        return performance.now() - from;
      };
      const firstStep = await step(0);
      const more: number[] = [];
      for (let at = 1; at <= 9; at++) more.push(await step(at));
      rows.push({
        method,
        compile: compiledAt - start,
        create: created - compiledAt,
        firstStep,
        steadyStep: median(more.slice(-6)),
        pipelines: studio.counters.pipelines - before,
        dispatches: [...compiled.training.values(), ...compiled.evaluation.values()].reduce(
          (sum, { plan }) => sum + plan.compute.length + plan.update.length,
          0,
        ),
      });
      instance.destroy();
    }
    return rows;
  },
};

export type PreparationCalls = typeof calls;
serve(calls);
