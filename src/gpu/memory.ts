/**
 * Device memory: creates the buffers of plans and counts their bytes. Staging buffers for readbacks are not part of
 * a plan and not counted.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { BufferTable, RunBuffers, type Allocation } from '../plan/buffers.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { mergeBuffers } from '../plan/memory.ts';
import type { MemoryBytes, Placement, Plan, PlanBuffer } from '../plan/plan.ts';
import { SIZES_BUFFER } from '../plan/sizes-buffer.ts';
import type { HostData } from '../plan/studio.ts';
import type { Counters } from './counters.ts';

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const REMEDY = say`choose a smaller batch size or maximum length, "layers" for ${field('training.recompute')}, a method that trains fewer weights, or fewer runs at once`;

const usageOf = (id: string): number =>
  id.startsWith(SIZES_BUFFER)
    ? GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST
    : GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/** All plan buffers of a device. */
export class DeviceMemory {
  private readonly device: GPUDevice;
  private readonly limits: AdapterProfile['limits'];
  private readonly counters: Counters;
  private readonly table = new BufferTable<GPUBuffer>(({ buffer }) => buffer.destroy());

  constructor(device: GPUDevice, limits: AdapterProfile['limits'], counters: Counters) {
    this.device = device;
    this.limits = limits;
    this.counters = counters;
  }

  /** Bytes on the device, shared buffers once. */
  get bytes(): MemoryBytes {
    return this.table.bytes;
  }

  /**
   * The buffers of all plans of one run: equal ids are one buffer, sized for the largest.
   * @param lender a run whose weights, trained ones too, this one reads where it stands instead of its own
   * @throws StudioError('device') when one exceeds the adapter's limits or cannot be had; then nothing is kept.
   */
  async allocate(plans: readonly Plan[], lender?: GpuRunMemory): Promise<GpuRunMemory> {
    for (const { id, bytes } of mergeBuffers(plans)) {
      if (bytes > this.limits.maxBufferSize)
        throw new StudioError(
          'device',
          say`The buffer ${id} needs ${mebibytes(bytes)} but this adapter allows ${mebibytes(this.limits.maxBufferSize)}: ${REMEDY}.`,
          { where: id },
        );
    }
    const checks: Promise<{ plan: PlanBuffer; error: GPUError | null }>[] = [];
    const allocations = this.table.take(plans, lender, (plan) => {
      const { buffer, error } = this.create(plan);
      checks.push(error.then((result) => ({ plan, error: result })));
      return buffer;
    });
    const run = new GpuRunMemory(this.device, allocations, (allocation) => this.table.release(allocation));
    const failed = (await Promise.all(checks)).find(({ error }) => error !== null);
    if (failed?.error) {
      run.destroy();
      throw new StudioError(
        'device',
        say`The buffer ${failed.plan.id} of ${mebibytes(failed.plan.bytes)} could not be allocated (${failed.error.message}): ${REMEDY}.`,
        { where: failed.plan.id },
      );
    }
    return run;
  }

  private create({ id, bytes }: PlanBuffer): { buffer: GPUBuffer; error: Promise<GPUError | null> } {
    this.counters.buffers++;
    this.device.pushErrorScope('validation');
    this.device.pushErrorScope('out-of-memory');
    const buffer = this.device.createBuffer({
      label: id,
      size: bytes,
      usage: usageOf(id),
    });
    const memory = this.device.popErrorScope();
    const validation = this.device.popErrorScope();
    return { buffer, error: Promise.all([memory, validation]).then(([a, b]) => a ?? b) };
  }
}

/** The buffers of one run. */
export class GpuRunMemory extends RunBuffers<GPUBuffer> {
  private readonly device: GPUDevice;

  constructor(
    device: GPUDevice,
    allocations: Map<string, Allocation<GPUBuffer>>,
    release: (allocation: Allocation<GPUBuffer>) => void,
  ) {
    super(allocations, release);
    this.device = device;
  }

  /** Copies data to its place. Queued in order with everything submitted. */
  write(placement: Placement, data: HostData): void {
    if (data.byteLength !== placement.bytes)
      throw new Error(`internal: ${placement.name} takes ${placement.bytes} bytes, got ${data.byteLength}`);
    this.device.queue.writeBuffer(
      this.buffer(placement.buffer),
      placement.offset,
      data.buffer,
      data.byteOffset,
      data.byteLength,
    );
  }
}
