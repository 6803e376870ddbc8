/** A device with what all runs on it share: pipelines, memory, readbacks, pacing. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import type { Plan } from '../plan/plan.ts';
import type { Studio } from '../plan/studio.ts';
import type { Counters } from './counters.ts';
import { openDevice, type OpenDeviceOptions, type OpenedDevice } from './device.ts';
import { GpuExecutor } from './executor.ts';
import { LossWatch } from './loss-watch.ts';
import type { GpuRunMemory } from './memory.ts';
import { DeviceMemory } from './memory.ts';
import { Pacer } from './pacing.ts';
import { PipelineCache } from './pipelines.ts';
import { ReadbackRing } from './readback.ts';
import type { ShaderSource } from './shaders.ts';
import { resultsOf, timeCalls } from './time-calls.ts';
import { Tuner, type ChoiceStore, type TuneMode, type TunerOptions } from './tuner.ts';

export class GpuStudio implements Studio {
  declare protected readonly nominal: true;
  readonly device: GPUDevice;
  profile: AdapterProfile;
  /** Resolves when the device is lost, unless by `destroy`. */
  readonly lost: Promise<StudioError>;
  readonly counters: Counters = { buffers: 0, bindGroups: 0, pipelines: 0 };
  readonly watch: LossWatch;
  readonly pipelines: PipelineCache;
  readonly memory: DeviceMemory;
  readonly readbacks: ReadbackRing;
  readonly pacer: Pacer;
  private tuner: Tuner | undefined;

  constructor(opened: Omit<OpenedDevice, 'destroy'>, shaders: ShaderSource) {
    this.device = opened.device;
    this.profile = opened.profile;
    this.lost = opened.lost;
    this.watch = new LossWatch(opened.lost);
    this.pipelines = new PipelineCache(this.device, shaders, this.counters);
    this.memory = new DeviceMemory(this.device, this.profile.limits, this.counters);
    this.readbacks = new ReadbackRing(this.device, this.counters, this.watch);
    this.pacer = new Pacer(this.profile.software);
    this.device.onuncapturederror = (event) => {
      // Plans are checked before they run, so this is a defect: stop, rather than train on garbage.
      this.watch.fail(
        new StudioError('device', say`internal: the device refused a command: ${event.error.message}`),
      );
    };
  }

  /**
   * Allocates the buffers of all plans of one run and returns what executes them.
   * @param lender the memory of a run whose weights this one reads, trained as they are
   * @throws StudioError('device') when the memory cannot be had
   */
  async createRun(plans: readonly Plan[], lender?: GpuRunMemory): Promise<GpuExecutor> {
    if (this.watch.error) throw this.watch.error;
    return new GpuExecutor(this, await this.watch.guard(this.memory.allocate(plans, lender)));
  }

  /** From now on variants of kernels are chosen by measurement (`tune`). */
  tuneBy(mode: TuneMode, store: ChoiceStore): void {
    const time: TunerOptions['time'] = async (program, calls) => {
      const taken = await this.watch.guard(
        timeCalls(this, program, calls, { repetitions: 3, milliseconds: 3 }),
      );
      return taken.best;
    };
    const results: TunerOptions['results'] = (program, calls) =>
      this.watch.guard(resultsOf(this, program, calls));
    this.tuner = new Tuner(this.profile, { mode, store, time, results });
  }

  async tune(plans: readonly Plan[]): Promise<boolean> {
    if (!this.tuner || !(await this.tuner.learn(plans))) return false;
    this.profile = { ...this.profile, choices: this.tuner.choices, wrong: this.tuner.wrong };
    return true;
  }

  /** Closes the device. What still waits for it is rejected. */
  destroy(): void {
    this.watch.fail(
      new StudioError('device', say`The GPU device was closed: open the model again to go on.`),
    );
    this.device.destroy();
  }
}

/**
 * Opens a device and what runs share. `gpu` is `navigator.gpu`, or what `openNodeGpu` gives.
 * @throws StudioError('device') when there is no WebGPU, no adapter or no device.
 */
export async function openStudio(
  gpu: GPU | undefined,
  shaders: ShaderSource,
  options: OpenDeviceOptions = {},
): Promise<GpuStudio> {
  return new GpuStudio(await openDevice(gpu, options), shaders);
}
