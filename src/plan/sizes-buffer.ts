/** The uniform memory of a plan: the sizes that its dispatches read, equal ones once. */
import type { Dispatch } from './plan.ts';

/** What ids of such buffers begin with. */
export const SIZES_BUFFER = 'sizes.';

/** Where a uniform binding may begin, on any device (`minUniformBufferOffsetAlignment`). */
const ALIGNMENT = 256;

/** Collects the sizes of a plan's dispatches. */
export class SizesBuffer {
  readonly id: string;
  private readonly offsets = new Map<string, number>();

  constructor(id: string) {
    this.id = id;
  }

  get bytes(): number {
    return ALIGNMENT * this.offsets.size;
  }

  /** A dispatch's part of it; nothing for one that has no sizes. */
  placed(values: Record<string, number> | undefined): Pick<Dispatch, 'sizes'> {
    if (values === undefined) return {};
    const key = JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
    let offset = this.offsets.get(key);
    if (offset === undefined) this.offsets.set(key, (offset = this.bytes));
    return { sizes: { values, buffer: this.id, offset } };
  }
}

/** The names of sizes in their order in memory, where each is a word. */
export const sizeNames = (values: Readonly<Record<string, number>>): string[] => Object.keys(values).sort();

/** Sizes as they lie in memory. */
export const sizeWords = (values: Readonly<Record<string, number>>): Uint32Array<ArrayBuffer> =>
  Uint32Array.from(sizeNames(values), (name) => values[name]);
