/** Makes a run ready to go on a device: compiles its plans, allocates, starts from an adapter if asked. */
import type { Studio } from '../gpu/studio.ts';
import type { ModelFiles } from '../models/files.ts';
import { adapterLayout, type AdapterTensor } from '../runs/adapter-layout.ts';
import { loadAdapter } from '../runs/adapter-load.ts';
import type { RunSpec } from '../runs/spec.ts';
import { compileRun, type CompiledRun } from './compile.ts';
import type { RunControl } from './control.ts';
import type { DeviceClock } from './device-clock.ts';
import { evaluate } from './evaluate.ts';
import type { RunEvent } from './events.ts';
import { GpuInstance } from './gpu-instance.ts';
import type { Instance } from './instance.ts';
import { batchShape, compileRequest, evaluates, trainingBatches, type Prepared } from './prepare.ts';
import { TrainingRun } from './training-run.ts';

export interface OpenRunOptions {
  emit: (event: RunEvent) => void;
  control?: RunControl;
  /** Shared by all runs on a device. */
  clock?: DeviceClock;
  /** Opens the folder that `method.init` names. */
  openFolder?: (path: string) => Pick<ModelFiles, 'read'>;
}

export interface OpenedRun {
  run: TrainingRun;
  instance: Instance;
  compiled: CompiledRun;
  /** What the run's adapter file holds. */
  layout: AdapterTensor[];
}

/**
 * @throws StudioError('spec') for options the model cannot take, ('unsupported'), ('adapter-file') for an
 *   adapter that does not fit, ('device') when it does not fit the adapter's memory
 */
export async function openRun(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  options: OpenRunOptions,
): Promise<OpenedRun> {
  const { training, model } = spec;
  const compiled = compileRun(compileRequest(prepared, spec, studio.profile));
  const instance = await GpuInstance.create(studio, compiled, prepared.deltaModel, { seed: training.seed });
  try {
    const layout = adapterLayout(compiled.delta, compiled.trainables, prepared.model.parameters);
    const { init } = spec.method;
    if (init !== undefined) {
      if (options.openFolder === undefined)
        throw new Error('internal: method.init without a way to open folders');
      instance.write(await loadAdapter(options.openFolder(init), init, compiled.delta, layout));
    }
    const batches = trainingBatches(prepared, spec);
    const shape = batchShape(prepared, spec);
    const validation = evaluates(prepared, spec) ? prepared.validation : null;
    const run = new TrainingRun({
      instance,
      training,
      batchesOf: (step) => batches.step(step),
      ...(validation && {
        evaluate: async (current: Instance) =>
          (await evaluate(current, validation, shape, model.task, prepared.outputs)).metrics,
      }),
      emit: options.emit,
      adapter: { vendor: studio.profile.vendor, description: studio.profile.description },
      control: options.control,
      clock: options.clock,
    });
    return { run, instance, compiled, layout };
  } catch (error) {
    instance.destroy();
    throw error;
  }
}
