/** The processor as a device: one memory, threads, and the kernels of `kernels/`. */
import { StudioError } from '../errors.ts';
import { LossWatch } from '../gpu/loss-watch.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import type { Plan } from '../plan/plan.ts';
import type { Studio } from '../plan/studio.ts';
import { say } from '../sentence.ts';
import { CpuExecutor } from './executor.ts';
import type { KernelManifest, Kernels } from './kernels.ts';
import { CpuMemory, type CpuRunMemory } from './memory.ts';
import { cpuProfile } from './profile.ts';
import { WorkQueue } from './queue.ts';
import { PoolRunner, SliceRunner, type Runner, type StartThread } from './runner.ts';
import { Space } from './space.ts';

export class CpuStudio implements Studio {
  declare protected readonly nominal: true;
  readonly profile: AdapterProfile;
  readonly lost: Promise<StudioError>;
  readonly counters = { commands: 0 };
  readonly watch: LossWatch;
  readonly space: Space;
  readonly queue: WorkQueue;
  readonly memory: CpuMemory;
  readonly manifest: KernelManifest;
  readonly runner: Runner;

  /** Use `openCpuStudio`. */
  constructor(kernels: Kernels, space: Space, runner: Runner, threads: number, lost: Promise<StudioError>) {
    this.profile = cpuProfile(threads, kernels.relaxed);
    this.lost = lost;
    this.watch = new LossWatch(lost);
    this.space = space;
    this.queue = new WorkQueue();
    this.memory = new CpuMemory(space, this.queue);
    this.manifest = kernels.manifest;
    this.runner = runner;
  }

  /** @throws StudioError('device') when the memory cannot be had */
  async createRun(plans: readonly Plan[], lender?: CpuRunMemory): Promise<CpuExecutor> {
    if (this.watch.error) throw this.watch.error;
    return new CpuExecutor(this, this.memory.allocate(plans, lender));
  }

  destroy(): void {
    this.watch.fail(
      new StudioError('device', say`The processor's threads were closed: open the model again to go on.`),
    );
    this.queue.close();
    this.runner.destroy();
  }
}

export interface CpuOptions {
  /** 1 runs on the calling thread; kernels that share no memory have no more. */
  threads: number;
  /** Starts a thread; asked for where there are several. */
  startThread: StartThread;
}

/** @throws StudioError('device') where there is no such memory or a thread cannot start */
export async function openCpuStudio(
  kernels: Kernels,
  { threads, startThread }: CpuOptions,
): Promise<CpuStudio> {
  const space = new Space(kernels.shared);
  let lose: (error: StudioError) => void = () => {};
  const lost = new Promise<StudioError>((resolve) => (lose = resolve));
  const runner =
    threads === 1
      ? new SliceRunner(kernels, space)
      : await PoolRunner.start(kernels, space, threads, startThread, (error) => lose(error));
  return new CpuStudio(kernels, space, runner, threads, lost);
}
