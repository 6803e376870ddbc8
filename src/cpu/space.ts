/**
 * The one memory of the WebAssembly kernels, and who has which bytes of it. It grows when it has to and never
 * shrinks; what is given back is used again.
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65536;
/** 4 GiB less one page, so that lengths in bytes fit 32 bits. */
const MOST_PAGES = 65535;
export const MOST_BYTES = PAGE * MOST_PAGES;
/** Every block begins at a multiple of this: a cache line, so that threads do not share one by accident. */
export const ALIGNMENT = 64;
/** Kernels read vectors that may reach beyond the last element: behind the last block there is room for one. */
const SLACK = 64;
/** The compiler's own data lie at the start. */
const FIRST = PAGE;

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

interface Gap {
  at: number;
  bytes: number;
}

export class Space {
  readonly memory: WebAssembly.Memory;
  /** Unused stretches by address; no two touch. */
  private readonly gaps: Gap[] = [];
  /** First byte that never was used. */
  private end = FIRST;
  private used = 0;

  /**
   * @param shared between threads
   * @throws StudioError('device') where there is no such memory
   */
  constructor(shared = true) {
    try {
      this.memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared });
    } catch (cause) {
      throw new StudioError(
        'device',
        say`This machine gives WebAssembly no memory that can grow to 4 GiB: use a current 64-bit Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.`,
        { cause },
      );
    }
  }

  /** Bytes that can still be had, were they in one piece. */
  get free(): number {
    return MOST_BYTES - FIRST - SLACK - this.used;
  }

  /** Address of so many bytes. @throws StudioError('device') when they cannot be had */
  allocate(bytes: number): number {
    const size = align(Math.max(bytes, 1));
    let best = -1;
    this.gaps.forEach((gap, i) => {
      if (gap.bytes >= size && (best < 0 || gap.bytes < this.gaps[best].bytes)) best = i;
    });
    this.used += size;
    if (best >= 0) {
      const gap = this.gaps[best];
      const at = gap.at;
      if (gap.bytes === size) this.gaps.splice(best, 1);
      else {
        gap.at += size;
        gap.bytes -= size;
      }
      return at;
    }
    const at = this.end;
    try {
      this.reach(at + size + SLACK);
    } catch (error) {
      this.used -= size;
      throw error;
    }
    this.end = at + size;
    return at;
  }

  /** Gives back what `allocate` gave for `bytes`. */
  release(at: number, bytes: number): void {
    let size = align(Math.max(bytes, 1));
    this.used -= size;
    let i = this.gaps.findIndex((gap) => gap.at > at);
    if (i < 0) i = this.gaps.length;
    const after = this.gaps[i];
    if (after && at + size === after.at) {
      size += after.bytes;
      this.gaps.splice(i, 1);
    }
    const before = this.gaps[i - 1];
    if (before && before.at + before.bytes === at) before.bytes += size;
    else this.gaps.splice(i, 0, { at, bytes: size });
    const last = this.gaps.at(-1)!;
    if (last.at + last.bytes === this.end) {
      this.end = last.at;
      this.gaps.pop();
    }
  }

  bytesAt(at: number, bytes: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, bytes);
  }

  /** Grows the memory to so many bytes. */
  private reach(bytes: number): void {
    const pages = Math.ceil(bytes / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (pages <= 0) return;
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const wanted = (bytes / 2 ** 20).toFixed(1);
      throw new StudioError(
        'device',
        say`WebAssembly's memory cannot grow to ${wanted} MiB on this machine: close other programs or pages, or choose a smaller batch size or maximum length, or fewer runs at once.`,
        { cause },
      );
    }
  }
}
