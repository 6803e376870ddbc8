/** The training step that profiles take apart: a BERT of the asked width, one method, one batch. */
import { defaultOptions } from '../src/deltas/catalogue.ts';
import { METHOD_TYPES } from '../src/deltas/defaults.ts';
import type { Studio } from '../src/plan/studio.ts';
import { compileRun } from '../src/train/compile.ts';
import { DeviceInstance } from '../src/train/device-instance.ts';
import { benchBatch } from '../src/measure/batch.ts';
import { BENCH_OPTIMIZER } from '../src/measure/methods.ts';
import { bertConfig, bertModel } from '../src/measure/random-bert.ts';

/** As the command line gives them. */
export interface StepOptions {
  method: string;
  hidden: string;
  layers?: string;
  batch: string;
  length: string;
}

/**
 * Compiles and allocates the step.
 * @returns what runs it, and a line that says what it is
 * @throws Error for a method that is not benched
 */
export async function profiledStep(studio: Studio, options: StepOptions) {
  const method = METHOD_TYPES.find((known) => known === options.method);
  if (!method) throw new Error(`--method takes ${METHOD_TYPES.join(', ')}.`);
  const config = bertConfig(Number(options.hidden), Number(options.layers ?? 4));
  const model = bertModel(config);
  const size = { batchSize: Number(options.batch), length: Number(options.length) };
  const compiled = compileRun({
    model,
    modelKey: 'profile',
    method: defaultOptions(method),
    loss: 'crossEntropy',
    seed: 1,
    dropout: 0,
    optimizer: BENCH_OPTIMIZER,
    training: { batchSize: size.batchSize, lengths: [{ length: size.length }] },
    adapter: studio.profile,
  });
  const instance = await DeviceInstance.create(studio, compiled, model, { seed: 1 });
  const batch = benchBatch(size, config.vocabulary);
  const step = (): Promise<unknown> => instance.step([batch], { optimizerStep: 1, learningRate: 0 });
  return { instance, step, what: `${method}, h${config.hidden}, ${size.batchSize}×${size.length}` };
}
