/** Sums of buffer bytes by category: the forecast, and what the allocator counts against it. */
import { MEMORY_CATEGORIES } from './plan.ts';
import type { MemoryBytes, Plan, PlanBuffer } from './plan.ts';

/** All zero. */
export function emptyMemory(): MemoryBytes {
  const memory = { total: 0 } as MemoryBytes;
  for (const category of MEMORY_CATEGORIES) memory[category] = 0;
  return memory;
}

/** Bytes of a set of buffers. */
export function memoryOf(buffers: Iterable<PlanBuffer>): MemoryBytes {
  const memory = emptyMemory();
  for (const { category, bytes } of buffers) {
    memory[category] += bytes;
    memory.total += bytes;
  }
  return memory;
}

/** The buffers of several plans of one run: equal ids are one buffer, sized for the largest. */
export function mergeBuffers(plans: readonly Pick<Plan, 'buffers'>[]): PlanBuffer[] {
  const merged = new Map<string, PlanBuffer>();
  for (const { buffers } of plans) {
    for (const buffer of buffers) {
      const known = merged.get(buffer.id);
      if (!known) merged.set(buffer.id, { ...buffer });
      else known.bytes = Math.max(known.bytes, buffer.bytes);
    }
  }
  return [...merged.values()];
}
