/** Memory of a thread for its own use within one part: packed panels, tiles. Every thread has its own instance. */

let work: usize = 0;

/** Called once, before the first command. @param at a multiple of 64 */
export function setWork(at: usize): void {
  work = at;
}

/** @inline Start of this thread's memory, of WORK_BYTES in src/cpu/memory.ts. */
export function workMemory(): usize {
  return work;
}
