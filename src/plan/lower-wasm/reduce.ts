/** Sums and means: along rows, down columns, and over any set of axes as a sequence of those. */
import type { KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import { reduceInTurn } from '../lower/reduce-in-turn.ts';
import { scratch } from '../lower/support.ts';
import { plainCopy } from './layout.ts';
import { kernel, partsOf } from './support.ts';

/** Floats that are worth a part. */
const GRAIN = 16384;

/** [rows, length] → [rows], in one call, or two where few rows are long. */
export function sumRows(
  x: Operand,
  y: Operand,
  { rows, length, scale, name }: { rows: number; length: number; scale: number; name: string },
): KernelCall[] {
  const parts = partsOf(rows * length, GRAIN);
  const pieces = Math.max(1, Math.min(Math.floor(parts / rows), Math.floor(length / GRAIN)));
  const call = (from: Operand, to: Operand, count: number, stretch: number, factor: number): KernelCall =>
    kernel('reduce/rows', Math.min(parts, rows * Math.ceil(count / stretch)), [from, to], {
      rows,
      length: count,
      stretch,
      scale: factor,
    });
  if (pieces === 1) return [call(x, y, length, length, scale)];
  const stretch = Math.ceil(length / pieces);
  const used = Math.ceil(length / stretch);
  return [
    call(x, scratch(name, rows * used, 'write'), length, stretch, 1),
    call(scratch(name, rows * used, 'read'), y, used, used, scale),
  ];
}

/** How many blocks of rows a sum down the columns takes. */
export function rowBlocks(rows: number, columns: number): { blocks: number; blockRows: number } {
  const wanted = Math.min(partsOf(rows * columns, GRAIN), Math.ceil(rows / 16));
  const blockRows = Math.ceil(rows / wanted);
  return { blocks: Math.ceil(rows / blockRows), blockRows };
}

/** [outers, rows, columns] → [outers, columns], in one call, or two where columns are long. */
export function sumColumns(
  x: Operand,
  y: Operand,
  {
    outers,
    rows,
    columns,
    scale,
    name,
  }: { outers: number; rows: number; columns: number; scale: number; name: string },
): KernelCall[] {
  // Columns are shared out as well, where they are many: whole cache lines of them.
  const shares = partsOf(outers * rows * columns, GRAIN);
  const each = Math.max(64, Math.ceil(columns / Math.max(1, Math.ceil(shares / outers)) / 16) * 16);
  const across = Math.ceil(columns / each);
  const { blocks, blockRows } = rowBlocks(rows, columns / across);
  const call = (from: Operand, to: Operand, all: number, of: number, factor: number): KernelCall =>
    kernel('reduce/columns', outers * Math.ceil(all / of) * across, [from, to], {
      rows: all,
      columns,
      blockRows: of,
      each,
      scale: factor,
    });
  if (blocks === 1 || outers * across >= shares) return [call(x, y, rows, rows, scale)];
  const floats = outers * blocks * columns;
  return [
    call(x, scratch(name, floats, 'write'), rows, blockRows, 1),
    call(scratch(name, floats, 'read'), y, blocks, blocks, scale),
  ];
}

/** Each reduced run is one sum over rows or columns. */
const lowerReduce: Lowering<'Reduce'> = (node, program) => {
  const calls = reduceInTurn(node, program, { rows: sumRows, columns: sumColumns });
  return calls.length > 0 ? calls : [plainCopy(node.inputs[0], node.outputs[0], program)];
};

export const reduce: Pick<LoweringTable, 'Reduce'> = { Reduce: lowerReduce };
