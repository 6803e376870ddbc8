/** onnxruntime-web on WebAssembly, in its own process: forward passes of the same model as an ONNX file. */
import * as ort from 'onnxruntime-web/wasm';
import { writeModel } from '../../src/onnx/write.ts';
import { benchBatch } from '../../src/measure/batch.ts';
import { bertConfig, bertGraph } from '../../src/measure/random-bert.ts';
import { spent, type MethodCase, type Spent } from './cases.ts';
import { serve } from './protocol.ts';

ort.env.wasm.numThreads = Number(process.env.DELTA_THREADS ?? 1);

let session: ort.InferenceSession | undefined;
let feeds: Record<string, ort.Tensor> = {};

const calls = {
  version: (): string => ort.env.versions.web ?? '',

  async open({ hidden, layers, ...size }: MethodCase): Promise<void> {
    const config = bertConfig(hidden, layers);
    session = await ort.InferenceSession.create(writeModel(bertGraph(config)), {
      executionProviders: ['wasm'],
      logSeverityLevel: 3,
    });
    const { inputs } = benchBatch(size, config.vocabulary);
    const dims = [size.batchSize, size.length];
    feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, ids]) => [
        name,
        new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), dims),
      ]),
    );
  },

  async forward(steps: number): Promise<Spent[]> {
    const times: Spent[] = [];
    for (let i = 0; i < steps; i++) times.push(await spent(() => session!.run(feeds)));
    return times;
  },

  async close(): Promise<void> {
    await session?.release();
    session = undefined;
  },
};

export type OrtCalls = typeof calls;
serve(calls);
