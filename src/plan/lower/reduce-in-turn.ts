/** A sum or mean over any set of axes as a sequence of sums along rows and down columns, for every kind of kernel. */
import type { Program, ProgramNode } from '../../graph/program.ts';
import type { KernelCall, Operand } from '../kernel-call.ts';
import { read, scratch, shapeOf, write } from './support.ts';

/** How an adapter's kernels sum. */
export interface Sums {
  /** [rows, length] → [rows] */
  rows: (
    from: Operand,
    to: Operand,
    sizes: { rows: number; length: number; scale: number; name: string },
  ) => KernelCall[];
  /** [outers, rows, columns] → [outers, columns] */
  columns: (
    from: Operand,
    to: Operand,
    sizes: { outers: number; rows: number; columns: number; scale: number; name: string },
  ) => KernelCall[];
}

/** The shape as runs of axes that are all kept or all reduced; axes of length 1 belong to either. */
function runsOf(shape: readonly number[], axes: readonly number[]): { length: number; reduced: boolean }[] {
  const runs: { length: number; reduced: boolean }[] = [];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const reduced = axes.includes(axis);
    const last = runs.at(-1);
    if (last?.reduced === reduced) last.length *= length;
    else runs.push({ length, reduced });
  });
  return runs;
}

/**
 * Each reduced run, from the last, is one sum over rows or columns; what lies between is scratch.
 * @returns no calls where only axes of length 1 are reduced
 */
export function reduceInTurn(
  { inputs, outputs, attributes }: ProgramNode<'Reduce'>,
  program: Program,
  sums: Sums,
): KernelCall[] {
  const runs = runsOf(shapeOf(program, inputs[0]), attributes.axes);
  const count = runs.reduce((n, run) => (run.reduced ? n * run.length : n), 1);
  const calls: KernelCall[] = [];
  let from = read(inputs[0]);
  for (let index = runs.length - 1; index >= 0; index--) {
    const { length, reduced } = runs[index];
    if (!reduced) continue;
    runs.splice(index, 1);
    const outers = runs.slice(0, index).reduce((n, run) => n * run.length, 1);
    const columns = runs.slice(index).reduce((n, run) => n * run.length, 1);
    const last = !runs.some((run) => run.reduced);
    const floats = outers * columns;
    const to = last ? write(outputs[0]) : scratch(`between${index}`, floats, 'write');
    const scale = last && attributes.kind === 'mean' ? 1 / count : 1;
    const name = `partial${index}`;
    calls.push(
      ...(columns === 1
        ? sums.rows(from, to, { rows: outers, length, scale, name })
        : sums.columns(from, to, { outers, rows: length, columns, scale, name })),
    );
    from = last ? to : scratch(`between${index}`, floats, 'read');
  }
  return calls;
}
