/** TensorFlow.js in its own process: its WebGPU back end, or with `DELTA_ADAPTER=wasm` its WebAssembly one. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Rank } from '@tensorflow/tfjs-core';
import { benchBatch } from '../../src/measure/batch.ts';
import type { MatmulCase } from '../../src/measure/matmul.ts';
import { bertConfig } from '../../src/measure/random-bert.ts';
import { spent, timeRepeated, type Spent, type StackCase, type StepTimes } from './cases.ts';
import { installNavigator } from './navigator.ts';
import { serve } from './protocol.ts';
import { TfBert } from './tfjs-bert.ts';
import { registerSegmentSum } from './tfjs-segment-sum.ts';

const backend = process.env.DELTA_ADAPTER === 'wasm' ? 'wasm' : 'webgpu';
if (backend === 'webgpu') await installNavigator();
const tf = await import('@tensorflow/tfjs-core');
if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
else {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(
    fileURLToPath(new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)),
  );
  registerSegmentSum(tf);
}
// The package's main file leaves the gradients out, and its modules of them only load as CommonJS.
createRequire(import.meta.url)('@tensorflow/tfjs-core/dist/register_all_gradients.js');
await tf.setBackend(backend);
await tf.ready();

let bert: TfBert | undefined;

const calls = {
  version: (): string => tf.version_core,

  async matmul({ form, m, n, k, milliseconds }: MatmulCase & { milliseconds: number }): Promise<Spent> {
    const [transA, transB] = [form[0] === 'T', form[1] === 'T'];
    const a = tf.randomNormal<Rank.R2>(transA ? [k, m] : [m, k]);
    const b = tf.randomNormal<Rank.R2>(transB ? [n, k] : [k, n]);
    const timing = await timeRepeated(
      async (times) => {
        for (let i = 1; i < times; i++) tf.matMul(a, b, transA, transB).dispose();
        // Reading one element of the last product submits what is pending and waits for it.
        const last = tf.matMul(a, b, transA, transB);
        const element = tf.slice(last, [0, 0], [1, 1]);
        await element.data();
        tf.dispose([last, element]);
      },
      5,
      milliseconds,
    );
    tf.dispose([a, b]);
    return timing;
  },

  open({ hidden, layers, ...size }: StackCase): void {
    const config = bertConfig(hidden, layers);
    bert = new TfBert(tf, config, benchBatch(size, config.vocabulary));
  },

  async train(steps: number): Promise<StepTimes> {
    const result: StepTimes = { times: [], losses: [] };
    for (let i = 0; i < steps; i++)
      result.times.push(await spent(async () => result.losses.push(await bert!.step())));
    return result;
  },

  async forward(steps: number): Promise<Spent[]> {
    const times: Spent[] = [];
    for (let i = 0; i < steps; i++) times.push(await spent(() => bert!.forward()));
    return times;
  },

  /** Bytes of all its GPU buffers, those kept for reuse included. */
  bytes(): number {
    const memory = tf.memory() as { numBytesInGPU?: number };
    return memory.numBytesInGPU ?? 0;
  },

  close(): void {
    bert?.dispose();
    bert = undefined;
  },
};

export type TfjsCalls = typeof calls;
serve(calls);
