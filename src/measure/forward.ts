/**
 * A forward pass of a random BERT beside the same of onnxruntime-web on WebGPU: one graph, one batch, weights and all. The
 * other engine is loaded when it is asked for, and only then; where it does not start that is said, and nothing measured.
 */
import type * as OrtModule from 'onnxruntime-web/webgpu';
import { writeModel } from '../onnx/write.ts';
import type { Studio } from '../plan/studio.ts';
import { say, type Sentence } from '../sentence.ts';
import { compileRun } from '../train/compile.ts';
import { DeviceInstance } from '../train/device-instance.ts';
import { benchBatch } from './batch.ts';
import { BENCH_RUN, methodOptions } from './methods.ts';
import { bertConfig } from './random-bert.ts';
import { stepModel, type StepShape } from './steps.ts';

/** Middle times of a pass, logits read back. */
export interface ForwardRow extends StepShape {
  milliseconds: number;
  /** Of onnxruntime-web. */
  theirs: number;
  /** The largest difference of a logit. */
  difference: number;
}

/** Why there is no row. */
export interface ForwardRefused extends StepShape {
  why: Sentence;
}

export type Ort = Pick<typeof OrtModule, 'InferenceSession' | 'Tensor'>;

/** Weights that are worth a second copy for it: a BERT of width 256 has 21 MB, BERT-base 365. */
const MOST_BYTES = 2 ** 27;

/** Its shaders are compiled at the first pass, by a software GPU for half a minute and more. */
const LONGEST_SECONDS = 240;

/** Is the shape's model small enough to be written as a file beside the weights there are? */
export function isForwardMeasured({ hidden, layers }: StepShape): boolean {
  const { vocabulary, inner } = bertConfig(hidden, layers);
  return 4 * (vocabulary * hidden + layers * (4 * hidden * hidden + 2 * hidden * inner)) <= MOST_BYTES;
}

/**
 * @param load onnxruntime-web with its WebGPU back end
 * @param seconds how long each of the two goes on
 */
export async function timeForward(
  studio: Studio,
  shape: StepShape,
  { load, seconds }: { load: () => Promise<Ort>; seconds: number },
): Promise<ForwardRow | ForwardRefused> {
  const model = stepModel(shape);
  const batch = benchBatch(shape, bertConfig(shape.hidden, shape.layers).vocabulary);
  const sizes = { batchSize: shape.batchSize, lengths: [{ length: shape.length }] };
  const compiled = compileRun({
    ...BENCH_RUN,
    model,
    modelKey: `measure.${shape.hidden}.${shape.layers}`,
    method: methodOptions('head'),
    training: sizes,
    evaluation: sizes,
    adapter: studio.profile,
  });
  const instance = await DeviceInstance.create(studio, compiled, model, { seed: 1 });
  try {
    const ours = await middleOf(() => instance.forward(batch), seconds);
    try {
      const theirs = await answered(
        load().then((ort) => theirForward(ort, writeModel(model.graph), batch.inputs, shape, seconds)),
      );
      if (theirs === null)
        return { ...shape, why: say`onnxruntime-web did not answer within ${LONGEST_SECONDS} seconds.` };
      const difference = ours.result.reduce((most, value, i) => {
        const away = Math.abs(value - theirs.result[i]);
        return away <= most ? most : away;
      }, 0);
      return { ...shape, milliseconds: ours.milliseconds, theirs: theirs.milliseconds, difference };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ...shape, why: say`onnxruntime-web does not run on WebGPU here: ${reason}` };
    }
  } finally {
    instance.destroy();
  }
}

/** What comes in time; null where nothing does. */
function answered<T>(result: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), 1000 * LONGEST_SECONDS);
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}

type Timed = { milliseconds: number; result: Float32Array };

async function theirForward(
  { InferenceSession, Tensor }: Ort,
  file: Uint8Array,
  inputs: Readonly<Record<string, Int32Array>>,
  { batchSize, length }: StepShape,
  seconds: number,
): Promise<Timed> {
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
    return await middleOf(async () => {
      const outputs = await session.run(feeds);
      return (await outputs[session.outputNames[0]].getData()) as Float32Array;
    }, seconds);
  } finally {
    await session.release();
  }
}

/** The middle time of passes after the first, which compiles. */
async function middleOf(pass: () => Promise<Float32Array>, seconds: number): Promise<Timed> {
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
