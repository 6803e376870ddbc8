/**
 * Readbacks through staging buffers that are used over and over, so that reading a loss every step creates
 * nothing and the loop never waits: a read is a promise, several may be under way.
 */
import type { Counters } from './counters.ts';
import type { LossWatch } from './loss-watch.ts';

export interface ReadRange {
  buffer: GPUBuffer;
  offset: number;
  bytes: number;
}

/** Staging buffers larger than this are destroyed after use. */
const KEEP_BYTES = 1 << 20;
/** How many reads of one size may be under way before another staging buffer is made. */
const DEPTH = 4;

export class ReadbackRing {
  private readonly device: GPUDevice;
  private readonly counters: Counters;
  private readonly watch: LossWatch;
  private readonly free = new Map<number, GPUBuffer[]>();

  constructor(device: GPUDevice, counters: Counters, watch: LossWatch) {
    this.device = device;
    this.counters = counters;
    this.watch = watch;
  }

  /** Makes the staging buffers for reads of so many bytes, ahead of the first step. */
  reserve(bytes: number): void {
    const size = sizeClass(bytes);
    if (size > KEEP_BYTES || this.free.has(size)) return;
    this.free.set(
      size,
      Array.from({ length: DEPTH }, () => this.create(size)),
    );
  }

  /**
   * Adds the copies to `encoder`. Call the returned function after its submit: it resolves to the bytes of all
   * ranges, one after the other.
   */
  copy(encoder: GPUCommandEncoder, ranges: readonly ReadRange[]): () => Promise<ArrayBuffer> {
    const bytes = ranges.reduce((sum, range) => sum + range.bytes, 0);
    const size = sizeClass(bytes);
    const staging = this.free.get(size)?.pop() ?? this.create(size);
    let at = 0;
    for (const range of ranges) {
      encoder.copyBufferToBuffer(range.buffer, range.offset, staging, at, range.bytes);
      at += range.bytes;
    }
    return async () => {
      await this.watch.guard(staging.mapAsync(GPUMapMode.READ, 0, bytes));
      const copy = staging.getMappedRange(0, bytes).slice(0);
      staging.unmap();
      if (size > KEEP_BYTES) staging.destroy();
      else this.free.set(size, [...(this.free.get(size) ?? []), staging]);
      return copy;
    };
  }

  private create(size: number): GPUBuffer {
    this.counters.buffers++;
    return this.device.createBuffer({
      label: 'readback',
      size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
  }
}

/** Sizes are rounded up so that reads of about the same size share buffers. */
function sizeClass(bytes: number): number {
  let size = 256;
  while (size < bytes) size *= 2;
  return size;
}
