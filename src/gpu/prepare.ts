/** Turns the dispatches of a plan into pipelines and bind groups, once, before the first step. */
import type { Dispatch, Plan } from '../plan/plan.ts';
import { PHASES, type Phase, type PreparedPlan } from '../plan/studio.ts';
import type { Counters } from './counters.ts';
import type { GpuRunMemory } from './memory.ts';
import type { PipelineCache } from './pipelines.ts';
import { sizeNames, sizeWords } from '../plan/sizes-buffer.ts';
import { findAliases } from './specialise.ts';

export interface ReadyDispatch {
  label: string;
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  workgroups: readonly [number, number, number];
  flops: number;
}

export interface GpuPreparedPlan extends PreparedPlan {
  readonly phases: Readonly<Record<Phase, readonly ReadyDispatch[]>>;
}

/** Makes the bind groups of one run. Equal ones are made once. */
export class Preparer {
  private readonly device: GPUDevice;
  private readonly pipelines: PipelineCache;
  private readonly memory: GpuRunMemory;
  private readonly counters: Counters;
  private readonly bindGroups = new Map<string, GPUBindGroup>();
  private readonly layoutNumbers = new Map<GPUBindGroupLayout, number>();

  constructor(device: GPUDevice, pipelines: PipelineCache, memory: GpuRunMemory, counters: Counters) {
    this.device = device;
    this.pipelines = pipelines;
    this.memory = memory;
    this.counters = counters;
  }

  async prepare(plan: Plan): Promise<GpuPreparedPlan> {
    const ready = (dispatches: readonly Dispatch[]): Promise<ReadyDispatch[]> =>
      Promise.all(dispatches.map((dispatch) => this.ready(dispatch)));
    this.writeSizes(plan);
    const [compute, accumulate, update] = await Promise.all(PHASES.map((phase) => ready(plan[phase])));
    return { plan, phases: { compute, accumulate, update } };
  }

  /** Sizes are the plan's own and never change. */
  private writeSizes(plan: Plan): void {
    for (const { sizes } of plan.compute) {
      if (!sizes) continue;
      const { buffer, offset, values } = sizes;
      this.device.queue.writeBuffer(this.memory.buffer(buffer), offset, sizeWords(values));
    }
  }

  private async ready(dispatch: Dispatch): Promise<ReadyDispatch> {
    const { bindings, shader, entry, constants, sizes, label, workgroups, flops } = dispatch;
    const aliases = findAliases(bindings);
    const access = bindings.map((binding) => binding.access);
    const halves = bindings.some((binding) => binding.storage !== undefined);
    const { pipeline, layout } = await this.pipelines.get(shader, entry, {
      constants,
      ...(sizes && { sizes: sizeNames(sizes.values) }),
      access,
      aliases,
      ...(halves && { storage: bindings.map((binding) => binding.storage) }),
    });
    const entries: { binding: number; buffer: string; offset: number; size: number }[] = [];
    aliases.forEach((target, binding) => {
      const { buffer, offset, size } = bindings[binding];
      if (target === binding) entries.push({ binding, buffer, offset, size });
      else {
        const shared = entries.find((entry) => entry.binding === target)!;
        shared.size = Math.max(shared.size, size);
      }
    });
    if (sizes) {
      const { buffer, offset, values } = sizes;
      entries.push({ binding: bindings.length, buffer, offset, size: sizeWords(values).byteLength });
    }
    return { label, pipeline, bindGroup: this.bindGroup(layout, entries), workgroups, flops };
  }

  private bindGroup(
    layout: GPUBindGroupLayout,
    entries: readonly { binding: number; buffer: string; offset: number; size: number }[],
  ): GPUBindGroup {
    const number = this.layoutNumbers.get(layout) ?? this.layoutNumbers.size;
    this.layoutNumbers.set(layout, number);
    const key = JSON.stringify([number, entries]);
    let group = this.bindGroups.get(key);
    if (!group) {
      this.counters.bindGroups++;
      group = this.device.createBindGroup({
        layout,
        entries: entries.map(({ binding, buffer, offset, size }) => ({
          binding,
          resource: { buffer: this.memory.buffer(buffer), offset, size },
        })),
      });
      this.bindGroups.set(key, group);
    }
    return group;
  }
}
