/**
 * Which plan buffers exist on a device and who uses them; how one is made is for the device to know. Browsers have
 * no query for GPU memory, so what is counted here is what the studio shows.
 */
import { StudioError } from '../errors.ts';
import { fitHalves, halvesFrom } from '../graph/tensor.ts';
import { field, say } from '../sentence.ts';
import { memoryOf, mergeBuffers } from './memory.ts';
import type { MemoryBytes, Placement, Plan, PlanBuffer } from './plan.ts';
import type { HostData, RunMemory } from './studio.ts';

export interface Allocation<Buffer> {
  readonly plan: PlanBuffer;
  readonly buffer: Buffer;
  /** Runs that use it: always 1 unless shared. */
  users: number;
  /** Offsets whose weights are on the device already. */
  readonly filled: Set<number>;
}

/** All plan buffers of a device. Shared ones (frozen weights) exist once, counted by their users. */
export class BufferTable<Buffer> {
  private readonly shared = new Map<string, Allocation<Buffer>>();
  private readonly owned = new Set<Allocation<Buffer>>();
  private readonly drop: (allocation: Allocation<Buffer>) => void;

  /** @param drop gives the memory of a buffer back */
  constructor(drop: (allocation: Allocation<Buffer>) => void) {
    this.drop = drop;
  }

  /** Bytes on the device, shared buffers once. */
  get bytes(): MemoryBytes {
    return memoryOf([...this.shared.values(), ...this.owned].map(({ plan }) => plan));
  }

  /** The buffers of all plans of one run that are not there yet: those that `take` will make. */
  missing(plans: readonly Plan[], lender?: RunBuffers<Buffer>): PlanBuffer[] {
    return mergeBuffers(plans).filter((plan) => !this.known(plan, lender));
  }

  /**
   * The buffers of all plans of one run: equal ids are one buffer, sized for the largest.
   * @param lender a run whose weights, trained ones too, this one reads where it stands instead of its own
   * @param make makes a buffer; when it throws, nothing is kept
   */
  take(
    plans: readonly Plan[],
    lender: RunBuffers<Buffer> | undefined,
    make: (plan: PlanBuffer) => Buffer,
  ): Map<string, Allocation<Buffer>> {
    const allocations = new Map<string, Allocation<Buffer>>();
    try {
      for (const plan of mergeBuffers(plans)) {
        const known = this.known(plan, lender);
        if (known) {
          if (known.plan.bytes !== plan.bytes)
            throw new Error(
              `internal: the buffer ${plan.id} has ${known.plan.bytes} bytes, a plan wants ${plan.bytes}`,
            );
          known.users++;
          allocations.set(plan.id, known);
          continue;
        }
        const allocation: Allocation<Buffer> = { plan, buffer: make(plan), users: 1, filled: new Set() };
        allocations.set(plan.id, allocation);
        if (plan.shared) this.shared.set(plan.id, allocation);
        else this.owned.add(allocation);
      }
    } catch (cause) {
      for (const allocation of allocations.values()) this.release(allocation);
      throw cause;
    }
    return allocations;
  }

  /** One user less; the last one takes the buffer along. */
  release(allocation: Allocation<Buffer>): void {
    if (--allocation.users > 0) return;
    if (allocation.plan.shared) this.shared.delete(allocation.plan.id);
    else this.owned.delete(allocation);
    this.drop(allocation);
  }

  private known(plan: PlanBuffer, lender?: RunBuffers<Buffer>): Allocation<Buffer> | undefined {
    return plan.shared ? this.shared.get(plan.id) : lender?.lend(plan);
  }
}

/** The buffers of one run; a device says how data gets into one. */
export abstract class RunBuffers<Buffer> implements RunMemory {
  private readonly allocations: Map<string, Allocation<Buffer>>;
  private readonly release: (allocation: Allocation<Buffer>) => void;

  constructor(
    allocations: Map<string, Allocation<Buffer>>,
    release: (allocation: Allocation<Buffer>) => void,
  ) {
    this.allocations = allocations;
    this.release = release;
  }

  abstract write(placement: Placement, data: HostData): void;

  get bytes(): MemoryBytes {
    return memoryOf([...this.allocations.values()].map(({ plan }) => plan));
  }

  buffer(id: string): Buffer {
    return this.allocation(id).buffer;
  }

  /** A buffer of weights for another run; it lives until both are gone. */
  lend({ id, category }: PlanBuffer): Allocation<Buffer> | undefined {
    const weights =
      category === 'trainable' || (category === 'frozenWeights' && !id.startsWith('constants.'));
    return weights ? this.allocations.get(id) : undefined;
  }

  /** @throws StudioError('device') where a weight to store as halves has a number that cannot be one */
  fill(plan: Pick<Plan, 'weights'>, dataOf: (name: string) => Float32Array | Int32Array): void {
    for (const placement of plan.weights) {
      const { filled } = this.allocation(placement.buffer);
      if (filled.has(placement.offset)) continue;
      const data = dataOf(placement.name);
      if (placement.type === 'f16' && !fitHalves(data))
        throw new StudioError(
          'device',
          say`${field('training.precision')}: the weight "${placement.name}" has a number that half precision cannot hold: beyond 65,504, infinite, or NaN; choose "f32".`,
          { where: 'training.precision' },
        );
      this.write(placement, placement.type === 'f16' ? halvesFrom(data) : data);
      filled.add(placement.offset);
    }
  }

  destroy(): void {
    for (const allocation of this.allocations.values()) this.release(allocation);
    this.allocations.clear();
  }

  private allocation(id: string): Allocation<Buffer> {
    const allocation = this.allocations.get(id);
    if (!allocation) throw new Error(`internal: the run has no buffer ${id}`);
    return allocation;
  }
}
