/**
 * Packs values with lifetimes into one arena: largest first, each at the lowest offset where it
 * overlaps nothing that lives at the same time (greedy by size, Pisarchyk and Lee, "Efficient Memory
 * Management for Deep Neural Net Inference", 2020).
 */

export interface Interval {
  name: string;
  bytes: number;
  /** First and last moment of use, inclusive. */
  from: number;
  to: number;
}

export interface Packing {
  /** Offset of every interval, a multiple of the alignment. */
  offsets: Map<string, number>;
  /** Bytes of the arena. */
  bytes: number;
}

export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/** @param alignment bytes; every offset is a multiple of it */
export function pack(intervals: readonly Interval[], alignment: number): Packing {
  const order = [...intervals].sort((a, b) => b.bytes - a.bytes || a.from - b.from);
  const placed: (Interval & { offset: number })[] = [];
  const offsets = new Map<string, number>();
  let bytes = 0;
  for (const interval of order) {
    const size = alignUp(interval.bytes, alignment);
    let offset = 0;
    // `placed` stays sorted by offset, so the first gap that fits is the lowest.
    for (const other of placed) {
      if (other.to < interval.from || other.from > interval.to) continue;
      if (other.offset >= offset + size) break;
      offset = Math.max(offset, other.offset + alignUp(other.bytes, alignment));
    }
    offsets.set(interval.name, offset);
    const at = placed.findIndex((other) => other.offset > offset);
    placed.splice(at < 0 ? placed.length : at, 0, { ...interval, offset });
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets, bytes };
}
