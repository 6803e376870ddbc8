/** Sums and means: along rows, down columns, and over any set of axes as a sequence of those. */
import type { AdapterProfile, KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import { plainCopy } from './layout.ts';
import { reduceInTurn } from './reduce-in-turn.ts';
import { grid, rowGroup, scratch, widthOf } from './support.ts';

/** [rows, length] → [rows], in one dispatch, or two where few rows are long. */
export function sumRows(
  x: Operand,
  y: Operand,
  { rows, length, scale, name }: { rows: number; length: number; scale: number; name: string },
  adapter: AdapterProfile,
): KernelCall[] {
  // Enough parts to keep the device busy, each long enough to be worth it.
  const wanted = adapter.software ? 64 : 1024;
  const parts = Math.max(1, Math.min(Math.floor(wanted / rows), Math.floor(length / 512)));
  // A multiple of four keeps the four-wide entry open.
  const stretch = parts === 1 ? length : Math.ceil(length / parts / 4) * 4;
  const used = Math.ceil(length / stretch);
  if (used > 1) {
    const partial = { name, floats: rows * used };
    return [
      rowsCall(x, scratch(partial.name, partial.floats, 'write'), rows, length, stretch, 1, adapter),
      rowsCall(scratch(partial.name, partial.floats, 'read'), y, rows, used, used, scale, adapter),
    ];
  }
  return [rowsCall(x, y, rows, length, length, scale, adapter)];
}

function rowsCall(
  x: Operand,
  y: Operand,
  rows: number,
  length: number,
  stretch: number,
  scale: number,
  adapter: AdapterProfile,
): KernelCall {
  const parts = Math.ceil(length / stretch);
  const operands = [x, y];
  if (adapter.software || stretch <= 32) {
    const { entry, width } = widthOf(length, stretch);
    return {
      shader: 'reduce/rows-serial',
      entry,
      constants: { rows, length: length / width, parts, stretch: stretch / width, scale },
      operands,
      workgroups: grid(Math.ceil((rows * parts) / 32), adapter),
    };
  }
  return {
    shader: 'reduce/rows',
    entry: 'main',
    constants: { rows, length, parts, stretch, scale, workgroupSize: rowGroup(stretch) },
    operands,
    workgroups: grid(rows * parts, adapter),
  };
}

/** Blocks of rows for a sum down `rows` rows with `items` invocations a block. */
export function rowBlocks(
  rows: number,
  items: number,
  adapter: AdapterProfile,
): { blocks: number; blockRows: number } {
  const wanted = Math.ceil((adapter.software ? 512 : 32768) / items);
  const most = Math.ceil(rows / 16);
  const blockRows = Math.ceil(rows / Math.max(1, Math.min(wanted, most)));
  return { blocks: Math.ceil(rows / blockRows), blockRows };
}

/** [outers, rows, columns] → [outers, columns], in one dispatch, or two where columns are few and long. */
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
  adapter: AdapterProfile,
): KernelCall[] {
  const { entry, width } = widthOf(columns);
  const items = (outers * columns) / width;
  const call = (from: Operand, to: Operand, all: number, each: number, factor: number): KernelCall => {
    const blocks = Math.ceil(all / each);
    return {
      shader: 'reduce/columns',
      entry,
      // Rows and blocks are read off what is bound.
      constants: { outers, columns: columns / width, scale: factor },
      operands: [from, to],
      workgroups: grid(Math.ceil((items * blocks) / 64), adapter),
    };
  };
  const { blocks, blockRows } = rowBlocks(rows, items, adapter);
  if (blocks === 1) return [call(x, y, rows, rows, scale)];
  const floats = outers * blocks * columns;
  return [
    call(x, scratch(name, floats, 'write'), rows, blockRows, 1),
    call(scratch(name, floats, 'read'), y, blocks, blocks, scale),
  ];
}

/** Each reduced run is one sum over rows or columns. */
const lowerReduce: Lowering<'Reduce'> = (node, program, adapter) => {
  const calls = reduceInTurn(node, program, {
    rows: (from, to, sizes) => sumRows(from, to, sizes, adapter),
    columns: (from, to, sizes) => sumColumns(from, to, sizes, adapter),
  });
  return calls.length > 0 ? calls : [plainCopy(node.inputs[0], node.outputs[0], program, adapter)];
};

export const reduce: Pick<LoweringTable, 'Reduce'> = { Reduce: lowerReduce };
