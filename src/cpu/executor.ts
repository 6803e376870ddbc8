/**
 * Executes the plans of one run on the processor. Everything is made ahead (`prepare`): a step copies a batch into
 * memory, has the commands of its phases run, and copies out what is asked for.
 */
import type { LossWatch } from '../gpu/loss-watch.ts';
import type { Placement, Plan } from '../plan/plan.ts';
import { PHASES, type ExecuteRequest, type Executor, type Phase, type PreparedPlan } from '../plan/studio.ts';
import { packCommands } from './commands.ts';
import type { KernelManifest } from './kernels.ts';
import type { CpuRunMemory } from './memory.ts';
import type { WorkQueue } from './queue.ts';
import type { CommandRange, Runner } from './runner.ts';
import type { Space } from './space.ts';

/** What a run needs of the studio it is in. */
export interface ExecutorStudio {
  readonly space: Space;
  readonly queue: WorkQueue;
  readonly runner: Runner;
  readonly watch: LossWatch;
  readonly manifest: KernelManifest;
  readonly counters: { commands: number };
}

export interface CpuPreparedPlan extends PreparedPlan {
  readonly phases: Readonly<Record<Phase, CommandRange>>;
  readonly uploads: ReadonlyMap<string, Placement>;
  readonly readbacks: ReadonlyMap<string, Placement>;
}

export class CpuExecutor implements Executor {
  readonly memory: CpuRunMemory;
  private readonly studio: ExecutorStudio;
  private readonly prepared = new Map<Plan, CpuPreparedPlan>();
  /** Memory of commands. */
  private readonly blocks: { at: number; bytes: number }[] = [];

  constructor(studio: ExecutorStudio, memory: CpuRunMemory) {
    this.studio = studio;
    this.memory = memory;
  }

  async prepare(plan: Plan): Promise<CpuPreparedPlan> {
    if (this.studio.watch.error) throw this.studio.watch.error;
    let prepared = this.prepared.get(plan);
    if (!prepared) {
      const phases = Object.fromEntries(PHASES.map((phase) => [phase, this.pack(plan, phase)]));
      const byName = (list: readonly Placement[]) => new Map(list.map((place) => [place.name, place]));
      prepared = {
        plan,
        phases: phases as Record<Phase, CommandRange>,
        uploads: byName(plan.uploads),
        readbacks: byName(plan.readbacks),
      };
      this.prepared.set(plan, prepared);
    }
    return prepared;
  }

  execute(prepared: CpuPreparedPlan, request: ExecuteRequest): Promise<Record<string, Float32Array>> {
    const { queue, runner, watch } = this.studio;
    if (watch.error) return Promise.reject(watch.error);
    for (const [name, data] of Object.entries(request.uploads ?? {})) {
      const placement = prepared.uploads.get(name);
      if (!placement) throw new Error(`internal: the plan has no upload ${name}`);
      this.memory.write(placement, data);
    }
    const ranges = request.phases.map((phase) => prepared.phases[phase]);
    const placements = (request.read ?? []).map((name) => {
      const placement = prepared.readbacks.get(name);
      if (!placement) throw new Error(`internal: the plan has no readback ${name}`);
      return placement;
    });
    return watch.guard(
      new Promise((resolve, reject) => {
        queue.push(async () => {
          try {
            await runner.run(ranges);
            resolve(Object.fromEntries(placements.map((place) => [place.name, this.memory.get(place)])));
          } catch (error) {
            reject(error);
          }
        });
      }),
    );
  }

  read(placements: readonly Placement[]): Promise<Float32Array[]> {
    const { queue, watch } = this.studio;
    if (watch.error) return Promise.reject(watch.error);
    return watch.guard(
      new Promise((resolve) => {
        queue.push(() => resolve(placements.map((placement) => this.memory.get(placement))));
      }),
    );
  }

  destroy(): void {
    const { queue, space } = this.studio;
    this.memory.destroy();
    this.prepared.clear();
    for (const { at, bytes } of this.blocks.splice(0)) queue.push(() => space.release(at, bytes));
  }

  private pack(plan: Plan, phase: Phase): CommandRange {
    const { space, manifest, counters } = this.studio;
    const dispatches = plan[phase];
    const { words, offsets } = packCommands(dispatches, manifest, (binding) =>
      this.memory.addressOf(binding),
    );
    counters.commands += dispatches.length;
    const at = space.allocate(words.byteLength);
    this.blocks.push({ at, bytes: words.byteLength });
    new Int32Array(space.memory.buffer, at, words.length).set(words);
    return {
      first: at,
      last: at + words.byteLength,
      commands: offsets.slice(0, -1).map((offset) => at + offset),
      flops: dispatches.map(({ flops }) => flops),
    };
  }
}
