/** Forward passes, one after the other, and those of onnxruntime-web on WebGPU. */
import type * as OrtModule from 'onnxruntime-web/webgpu';

export type Ort = Pick<typeof OrtModule, 'InferenceSession' | 'Tensor'>;

/** The middle time of passes after the first, which compiles, and what the first gave. */
export interface TimedPasses {
  milliseconds: number;
  result: Float32Array;
}

/** What another engine is to run: the first output of a file. */
export interface PassRequest {
  /** An ONNX model with its weights. */
  file: Uint8Array;
  /** By name, each `[batchSize, length]`. */
  inputs: Readonly<Record<string, Int32Array>>;
  batchSize: number;
  length: number;
  /** How long passes are timed, after the first. */
  seconds: number;
}

/** Passes of another engine that have begun. */
export interface BegunPasses {
  /** Rejects where the engine does not start or does not run. */
  timed: Promise<TimedPasses>;
  /** Ends it, whatever it is at; nothing comes after that. */
  end: () => void;
}

/** Begins passes of another engine. */
export type OtherEngine = (request: PassRequest) => BegunPasses;

/** Passes until so many seconds are over, three at least and at most fifty, after a first that compiles. */
export async function timePasses(pass: () => Promise<Float32Array>, seconds: number): Promise<TimedPasses> {
  const result = await pass();
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || (performance.now() < end && times.length < 50)) {
    const start = performance.now();
    await pass();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { milliseconds: times[Math.floor(times.length / 2)], result };
}

/**
 * The passes of onnxruntime-web on WebGPU, logits read back.
 * @throws where it does not start or lacks what the graph needs
 */
export async function ortPasses(
  { InferenceSession, Tensor }: Ort,
  { file, inputs, batchSize, length, seconds }: PassRequest,
): Promise<TimedPasses> {
  const session = await InferenceSession.create(file, {
    executionProviders: ['webgpu'],
    logSeverityLevel: 3,
  });
  try {
    const feeds = Object.fromEntries(
      session.inputNames.map((name) => [
        name,
        new Tensor('int64', BigInt64Array.from(inputs[name], BigInt), [batchSize, length]),
      ]),
    );
    return await timePasses(async () => {
      const outputs = await session.run(feeds);
      return (await outputs[session.outputNames[0]].getData()) as Float32Array;
    }, seconds);
  } finally {
    await session.release();
  }
}
