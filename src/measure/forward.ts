/**
 * A forward pass of a random BERT beside the same of onnxruntime-web on WebGPU: one graph, one batch, weights and all. The
 * other engine is loaded when it is asked for, and only then; where it does not start or does not answer that is said, it
 * is ended, and nothing measured.
 */
import { writeModel } from '../onnx/write.ts';
import type { Studio } from '../plan/studio.ts';
import { say, type Sentence } from '../sentence.ts';
import { compileRun } from '../train/compile.ts';
import { DeviceInstance } from '../train/device-instance.ts';
import { benchBatch } from './batch.ts';
import { BENCH_RUN, methodOptions } from './methods.ts';
import { timePasses, type BegunPasses, type OtherEngine, type TimedPasses } from './passes.ts';
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
 * @param other onnxruntime-web with its WebGPU back end
 * @param seconds how long each of the two goes on
 * @param longest seconds that the other one is waited for
 */
export async function timeForward(
  studio: Studio,
  shape: StepShape,
  { other, seconds, longest = LONGEST_SECONDS }: { other: OtherEngine; seconds: number; longest?: number },
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
    const ours = await timePasses(() => instance.forward(batch), seconds);
    const request = { file: writeModel(model.graph), inputs: batch.inputs, ...sizesOf(shape), seconds };
    const begun = other(request);
    try {
      const theirs = await answered(begun, longest);
      if (theirs === null)
        return { ...shape, why: say`onnxruntime-web did not answer within ${longest} seconds.` };
      const difference = ours.result.reduce((most, value, i) => {
        const away = Math.abs(value - theirs.result[i]);
        return away <= most ? most : away;
      }, 0);
      return { ...shape, milliseconds: ours.milliseconds, theirs: theirs.milliseconds, difference };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ...shape, why: say`onnxruntime-web does not run on WebGPU here: ${reason}` };
    } finally {
      begun.end();
    }
  } finally {
    instance.destroy();
  }
}

const sizesOf = ({ batchSize, length }: StepShape): { batchSize: number; length: number } => ({
  batchSize,
  length,
});

/** What comes in time; null where nothing does. */
function answered({ timed }: BegunPasses, seconds: number): Promise<TimedPasses | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), 1000 * seconds);
  });
  return Promise.race([timed, late]).finally(() => clearTimeout(timer));
}
