/** The buffers of plans in WebAssembly memory, counted as the planner counts them. */
import { StudioError } from '../errors.ts';
import { BufferTable, RunBuffers, type Allocation } from '../plan/buffers.ts';
import type { MemoryBytes, Placement, Plan } from '../plan/plan.ts';
import type { HostData } from '../plan/studio.ts';
import { field, say } from '../sentence.ts';
import type { WorkQueue } from './queue.ts';
import { MOST_BYTES, type Space } from './space.ts';

/** The address of a buffer. */
type Address = number;

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

export class CpuMemory {
  private readonly space: Space;
  private readonly queue: WorkQueue;
  private readonly table: BufferTable<Address>;

  constructor(space: Space, queue: WorkQueue) {
    this.space = space;
    this.queue = queue;
    // What was enqueued before still uses it.
    this.table = new BufferTable(({ buffer, plan }) => queue.push(() => space.release(buffer, plan.bytes)));
  }

  /** Bytes of all runs' buffers, shared ones once. */
  get bytes(): MemoryBytes {
    return this.table.bytes;
  }

  /**
   * @param lender a run whose weights, trained ones too, this one reads where it stands instead of its own
   * @throws StudioError('device') when they do not fit; then nothing is kept
   */
  allocate(plans: readonly Plan[], lender?: CpuRunMemory): CpuRunMemory {
    const needed = this.table.missing(plans, lender).reduce((sum, { bytes }) => sum + bytes, 0);
    if (needed > this.space.free) {
      const [forecast, most, taken] = [needed, MOST_BYTES, MOST_BYTES - this.space.free].map(mebibytes);
      throw new StudioError(
        'device',
        say`This needs ${forecast} MiB of memory and WebAssembly has ${most} MiB, of which ${taken} MiB are taken: choose a smaller batch size or maximum length, "layers" for ${field('training.recompute')}, a method that trains fewer weights, fewer runs at once, or a GPU.`,
      );
    }
    const allocations = this.table.take(plans, lender, ({ bytes }) => {
      const at = this.space.allocate(bytes);
      // As on a GPU: moments, velocities and states begin at zero.
      this.queue.push(() => void this.space.bytesAt(at, bytes).fill(0));
      return at;
    });
    return new CpuRunMemory(this.space, this.queue, allocations, (allocation) =>
      this.table.release(allocation),
    );
  }
}

/** The buffers of one run. */
export class CpuRunMemory extends RunBuffers<Address> {
  private readonly space: Space;
  private readonly queue: WorkQueue;

  constructor(
    space: Space,
    queue: WorkQueue,
    allocations: Map<string, Allocation<Address>>,
    release: (allocation: Allocation<Address>) => void,
  ) {
    super(allocations, release);
    this.space = space;
    this.queue = queue;
  }

  addressOf({ buffer, offset }: Pick<Placement, 'buffer' | 'offset'>): Address {
    return this.buffer(buffer) + offset;
  }

  /** Copies data to its place, behind everything executed before. */
  write(placement: Placement, data: HostData): void {
    if (data.byteLength !== placement.bytes)
      throw new Error(`internal: ${placement.name} takes ${placement.bytes} bytes, got ${data.byteLength}`);
    this.put(this.addressOf(placement), data);
  }

  /** Copies data to an address: at once when nothing is under way, else a copy of it in its turn. */
  put(at: Address, data: HostData): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (this.queue.idle) this.space.bytesAt(at, bytes.length).set(bytes);
    else {
      const copy = bytes.slice();
      this.queue.push(() => this.space.bytesAt(at, copy.length).set(copy));
    }
  }

  /** A copy of a tensor as it is now. */
  get(placement: Placement): Float32Array {
    const copy = this.space.bytesAt(this.addressOf(placement), placement.bytes).slice();
    return new Float32Array(copy.buffer);
  }
}
