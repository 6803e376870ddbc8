/** Sums and means: along rows, down columns, and over any set of axes as a sequence of those. */
import type { AdapterProfile, KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import { plainCopy } from './layout.ts';
import { grid, read, rowGroup, scratch, shapeOf, widthOf, write } from './support.ts';

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

/** The shape as runs of axes that are all kept or all reduced; axes of length 1 belong to either. */
export function runsOf(
  shape: readonly number[],
  axes: readonly number[],
): { length: number; reduced: boolean }[] {
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

/** Each reduced run, from the last, is one sum over rows or columns; what lies between is scratch. */
const lowerReduce: Lowering<'Reduce'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const shape = shapeOf(program, inputs[0]);
  const runs = runsOf(shape, attributes.axes);
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
        ? sumRows(from, to, { rows: outers, length, scale, name }, adapter)
        : sumColumns(from, to, { outers, rows: length, columns, scale, name }, adapter)),
    );
    from = last ? to : scratch(`between${index}`, floats, 'read');
  }
  // Only axes of length 1 were reduced.
  return calls.length > 0 ? calls : [plainCopy(inputs[0], outputs[0], program, adapter)];
};

export const reduce: Pick<LoweringTable, 'Reduce'> = { Reduce: lowerReduce };
