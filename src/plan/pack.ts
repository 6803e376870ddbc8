/**
 * Packs values with lifetimes into an arena: largest first, each at the lowest offset where it
 * overlaps nothing that lives at the same time (greedy by size, Pisarchyk and Lee, "Efficient Memory
 * Management for Deep Neural Net Inference", 2020). An arena longer than one buffer may be lies in several,
 * and no value across two.
 */

export interface Interval {
  name: string;
  bytes: number;
  /** First and last moment of use, inclusive. */
  from: number;
  to: number;
}

export interface Packing {
  /** Where every interval lies: in which buffer, and at which offset, a multiple of the alignment. */
  places: Map<string, { buffer: number; offset: number }>;
  /** Bytes of each buffer. */
  buffers: number[];
}

export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/** Id of the arena's buffer number `i`. */
export const arenaBuffer = (arena: string, i: number): string => (i === 0 ? arena : `${arena}.${i}`);

/**
 * @param alignment bytes; every offset is a multiple of it
 * @param limit bytes of a buffer, at least those of the longest interval
 */
export function pack(intervals: readonly Interval[], alignment: number, limit = Infinity): Packing {
  const order = [...intervals].sort((a, b) => b.bytes - a.bytes || a.from - b.from);
  const most = limit === Infinity ? limit : Math.floor(limit / alignment) * alignment;
  const places: Packing['places'] = new Map();
  const buffers: number[] = [];
  // What is placed, by offset in the arena as if it were one, so that the first gap that fits is the lowest. Flat
  // arrays: every interval walks over all before it.
  const count = order.length;
  const [starts, ends] = [new Float64Array(count), new Float64Array(count)];
  const [froms, tos] = [new Int32Array(count), new Int32Array(count)];
  order.forEach(({ name, bytes, from, to }, placed) => {
    const size = alignUp(bytes, alignment);
    if (size > most) throw new Error(`internal: ${name} takes ${size} bytes, a buffer has ${most}`);
    let start = 0;
    for (let i = 0; i < placed; i++) {
      if (tos[i] < from || froms[i] > to) continue;
      if (starts[i] >= start + size) break;
      if (ends[i] > start) start = withinBuffer(ends[i], size, most);
    }
    let at = placed;
    for (; at > 0 && starts[at - 1] > start; at--) {
      starts[at] = starts[at - 1];
      ends[at] = ends[at - 1];
      froms[at] = froms[at - 1];
      tos[at] = tos[at - 1];
    }
    starts[at] = start;
    ends[at] = start + size;
    froms[at] = from;
    tos[at] = to;
    const buffer = most === Infinity ? 0 : Math.floor(start / most);
    const offset = buffer === 0 ? start : start - buffer * most;
    places.set(name, { buffer, offset });
    while (buffers.length <= buffer) buffers.push(0);
    buffers[buffer] = Math.max(buffers[buffer], offset + size);
  });
  return { places, buffers };
}

/** The offset itself, or where the next buffer begins if so many bytes would reach across. */
function withinBuffer(offset: number, size: number, most: number): number {
  const rest = offset % most;
  return rest + size > most ? offset - rest + most : offset;
}
