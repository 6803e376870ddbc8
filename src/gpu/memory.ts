/**
 * Device memory: creates the buffers of plans and counts their bytes. Browsers have no query for GPU
 * memory, so these counts are what the studio shows. Staging buffers for readbacks are not part of a plan and
 * not counted.
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { memoryOf, mergeBuffers } from '../plan/memory.ts';
import type { MemoryBytes, Placement, Plan, PlanBuffer } from '../plan/plan.ts';
import type { HostData, RunMemory } from '../plan/studio.ts';
import type { Counters } from './counters.ts';

interface Allocation {
  readonly plan: PlanBuffer;
  readonly buffer: GPUBuffer;
  /** Runs that use it: always 1 unless shared. */
  users: number;
  /** Offsets whose weights are on the device already. */
  readonly filled: Set<number>;
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const REMEDY =
  'choose a smaller batch size or maximum length, a method that trains fewer weights, or fewer runs at once';

/** All plan buffers of a device. Shared ones (frozen weights) exist once, counted by their users. */
export class DeviceMemory {
  private readonly device: GPUDevice;
  private readonly limits: AdapterProfile['limits'];
  private readonly counters: Counters;
  private readonly shared = new Map<string, Allocation>();
  private readonly owned = new Set<Allocation>();

  constructor(device: GPUDevice, limits: AdapterProfile['limits'], counters: Counters) {
    this.device = device;
    this.limits = limits;
    this.counters = counters;
  }

  /** Bytes on the device, shared buffers once. */
  get bytes(): MemoryBytes {
    return memoryOf([...this.shared.values(), ...this.owned].map(({ plan }) => plan));
  }

  /**
   * The buffers of all plans of one run: equal ids are one buffer, sized for the largest.
   * @param lender a run whose weights, trained ones too, this one reads where it stands instead of its own
   * @throws StudioError('device') when one exceeds the adapter's limits or cannot be had; then nothing is kept.
   */
  async allocate(plans: readonly Plan[], lender?: GpuRunMemory): Promise<GpuRunMemory> {
    const buffers = mergeBuffers(plans);
    for (const { id, bytes } of buffers) {
      if (bytes > this.limits.maxBufferSize)
        throw new StudioError(
          'device',
          say`The buffer ${id} needs ${mebibytes(bytes)} but this adapter allows ${mebibytes(this.limits.maxBufferSize)}: ${REMEDY}.`,
          { where: id },
        );
    }
    const allocations = new Map<string, Allocation>();
    const checks: Promise<{ plan: PlanBuffer; error: GPUError | null }>[] = [];
    for (const plan of buffers) {
      const known = plan.shared ? this.shared.get(plan.id) : lender?.lend(plan);
      if (known) {
        if (known.plan.bytes !== plan.bytes)
          throw new Error(
            `internal: the buffer ${plan.id} has ${known.plan.bytes} bytes, a plan wants ${plan.bytes}`,
          );
        known.users++;
        allocations.set(plan.id, known);
        continue;
      }
      const { buffer, error } = this.create(plan);
      const allocation: Allocation = { plan, buffer, users: 1, filled: new Set() };
      allocations.set(plan.id, allocation);
      if (plan.shared) this.shared.set(plan.id, allocation);
      else this.owned.add(allocation);
      checks.push(error.then((result) => ({ plan, error: result })));
    }
    const run = new GpuRunMemory(this.device, allocations, (allocation) => this.release(allocation));
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
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    const memory = this.device.popErrorScope();
    const validation = this.device.popErrorScope();
    return { buffer, error: Promise.all([memory, validation]).then(([a, b]) => a ?? b) };
  }

  private release(allocation: Allocation): void {
    if (--allocation.users > 0) return;
    allocation.buffer.destroy();
    if (allocation.plan.shared) this.shared.delete(allocation.plan.id);
    else this.owned.delete(allocation);
  }
}

/** The buffers of one run. */
export class GpuRunMemory implements RunMemory {
  private readonly device: GPUDevice;
  private readonly allocations: Map<string, Allocation>;
  private readonly release: (allocation: Allocation) => void;

  constructor(
    device: GPUDevice,
    allocations: Map<string, Allocation>,
    release: (allocation: Allocation) => void,
  ) {
    this.device = device;
    this.allocations = allocations;
    this.release = release;
  }

  /** Bytes of this run's buffers by category, shared ones included: comparable with `Plan.memory`. */
  get bytes(): MemoryBytes {
    return memoryOf([...this.allocations.values()].map(({ plan }) => plan));
  }

  buffer(id: string): GPUBuffer {
    return this.allocation(id).buffer;
  }

  /** A buffer of weights for another run; it lives until both are gone. */
  lend({ id, category }: PlanBuffer): Allocation | undefined {
    const weights =
      category === 'trainable' || (category === 'frozenWeights' && !id.startsWith('constants.'));
    return weights ? this.allocations.get(id) : undefined;
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

  /** Uploads a plan's weights that are not on the device yet; `dataOf` is asked for those only. */
  fill(plan: Pick<Plan, 'weights'>, dataOf: (name: string) => Float32Array | Int32Array): void {
    for (const placement of plan.weights) {
      const { filled } = this.allocation(placement.buffer);
      if (filled.has(placement.offset)) continue;
      this.write(placement, dataOf(placement.name));
      filled.add(placement.offset);
    }
  }

  /** Gives all buffers back; shared ones go with their last user. */
  destroy(): void {
    for (const allocation of this.allocations.values()) this.release(allocation);
    this.allocations.clear();
  }

  private allocation(id: string): Allocation {
    const allocation = this.allocations.get(id);
    if (!allocation) throw new Error(`internal: the run has no buffer ${id}`);
    return allocation;
  }
}
