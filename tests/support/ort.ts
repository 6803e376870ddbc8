/**
 * Runs ONNX models in onnxruntime-web's WebAssembly build under Node: the oracle for what a file
 * computes. One thread, no graph optimisation surprises hidden: defaults as in a browser.
 */
import * as ort from 'onnxruntime-web/wasm';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** A tensor that goes in: integers become int64. */
export interface Feed {
  dims: readonly number[];
  data: readonly number[] | Float32Array;
  /** `int64` for the inputs of every text model. */
  type?: 'int64' | 'float32' | 'bool';
}

/** A tensor that comes out. */
export interface Output {
  dims: readonly number[];
  data: Float32Array;
}

/**
 * Runs a model once. `externalData` gives files of external weights by the location the model names.
 * Returns every output by name, as f32.
 */
export async function runOrt(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, Feed>>,
  externalData: Readonly<Record<string, Uint8Array>> = {},
): Promise<Record<string, Output>> {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    externalData: Object.entries(externalData).map(([path, data]) => ({ path, data })),
    logSeverityLevel: 3,
  });
  try {
    const inputs = session.inputNames.filter((name) => name in feeds);
    const results = await session.run(
      Object.fromEntries(inputs.map((name) => [name, tensorOf(feeds[name])])),
    );
    return Object.fromEntries(
      session.outputNames.map((name) => {
        const { dims, data } = results[name];
        return [name, { dims, data: Float32Array.from(data as ArrayLike<number | bigint>, Number) }];
      }),
    );
  } finally {
    await session.release();
  }
}

function tensorOf({ dims, data, type = 'int64' }: Feed): ort.Tensor {
  if (type === 'float32') return new ort.Tensor('float32', Float32Array.from(data), dims);
  if (type === 'bool') return new ort.Tensor('bool', Uint8Array.from(data), dims);
  return new ort.Tensor('int64', BigInt64Array.from(data as readonly number[], BigInt), dims);
}
