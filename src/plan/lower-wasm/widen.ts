/**
 * Weights stored as halves, on the processor: its kernels read words, so what one of them reads is widened before it
 * into scratch memory, which calls share one after the other. Only a table lookup reads halves itself.
 */
import type { Program } from '../../graph/program.ts';
import type { KernelCall, Operand } from '../kernel-call.ts';
import { bytesOf, type PlannedCall } from '../lifetimes.ts';
import type { Storage } from '../precision.ts';
import { kernel, partsOf } from './support.ts';

/** Floats that are worth a part. */
const GRAIN = 32768;

/** The calls, with what widens their operands before each. Nothing of it is written. */
export function widened(
  calls: readonly PlannedCall[],
  program: Program,
  root: (value: string) => string,
  halves: ReadonlyMap<string, Storage>,
): PlannedCall[] {
  if (halves.size === 0) return [...calls];
  const isHalf = (operand: Operand): operand is Extract<Operand, { value: string }> =>
    'value' in operand && halves.has(root(operand.value));
  return calls.flatMap((planned): PlannedCall[] => {
    const { call } = planned;
    if (!call.operands.some(isHalf)) return [planned];
    const [table, ids, extra, to] = call.operands;
    // Where there are no extra rows their operand repeats the table and is not read.
    if (call.shader === 'embedding/gather' && isHalf(table))
      return [
        { ...planned, call: { ...call, shader: 'embedding/gatherHalf', operands: [table, ids, extra, to] } },
      ];
    const before = new Map<string, KernelCall>();
    const operands = call.operands.map((operand): Operand => {
      if (!isHalf(operand)) return operand;
      const bytes = operand.part?.bytes ?? bytesOf(program, root(operand.value));
      const wide = { scratch: `wide:${root(operand.value)}`, bytes };
      const count = bytes / 4;
      before.set(
        wide.scratch,
        kernel('layout/widen', partsOf(count, GRAIN), [operand, { ...wide, access: 'write' }], { count }),
      );
      return { ...wide, access: 'read' };
    });
    return [
      ...[...before.values()].map((one): PlannedCall => ({ ...planned, call: one, flops: 0 })),
      { ...planned, call: { ...call, operands } },
    ];
  });
}
