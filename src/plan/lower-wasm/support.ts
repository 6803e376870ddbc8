/**
 * What the WebAssembly lowerings share. A kernel's work is cut into parts by its shapes alone, never by the number
 * of threads, so results are the same on any number of them. A part should take some microseconds at least, for a
 * barrier between kernels takes about one; and there should be enough parts for more threads than most have.
 */
import type { KernelCall, Operand } from '../kernel-call.ts';

/** Parts of a kernel that more would not help. */
const MOST_PARTS = 64;

/** How many parts items of some work each are cut into. @param grain items that are worth a part */
export function partsOf(count: number, grain: number): number {
  return Math.max(1, Math.min(MOST_PARTS, Math.ceil(count / grain)));
}

/** A call of a kernel of `kernels/`: its parameters are the operands in order and the constants by name. */
export function kernel(
  shader: string,
  parts: number,
  operands: Operand[],
  constants: Record<string, number>,
): KernelCall {
  return { shader, entry: 'main', constants, operands, workgroups: [parts, 1, 1] };
}

export const STEP: Operand = { step: true, access: 'read' };
