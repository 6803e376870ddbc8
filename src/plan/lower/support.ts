/** What the lowerings share: shapes, operands, workgroup counts. */
import type { Program } from '../../graph/program.ts';
import { sizeOf } from '../../graph/reference/tensor.ts';
import type { AdapterProfile, KernelCall, Operand } from '../kernel-call.ts';
import { chosen, classKey } from '../kernel-choices.ts';
import { ROW_VARIANTS } from './variants.ts';

export function shapeOf(program: Program, value: string): readonly number[] {
  const found = program.values.get(value);
  if (!found) throw new Error(`internal: the program has no value ${value}`);
  return found.shape;
}

export function countOf(program: Program, value: string): number {
  return sizeOf(shapeOf(program, value));
}

/** A value seen as a matrix over its last axis. */
export function matrixOf(program: Program, value: string): { rows: number; columns: number } {
  const shape = shapeOf(program, value);
  const columns = shape.at(-1) ?? 1;
  return { rows: sizeOf(shape) / columns, columns };
}

export const read = (value: string): Operand => ({ value, access: 'read' });
export const write = (value: string): Operand => ({ value, access: 'write' });
export const update = (value: string): Operand => ({ value, access: 'readwrite' });

/** Rows of a matrix that one binding covers. */
export interface RowSlice {
  start: number;
  rows: number;
}

/**
 * A matrix of `rows` rows in as few slices as bindings may be long; one, all of it, wherever that will do.
 * @param step slices begin at multiples of it, and where a binding may
 */
export function rowSlices(
  rows: number,
  floatsARow: number,
  { limits }: AdapterProfile,
  step = 1,
): RowSlice[] {
  const { maxStorageBufferBindingSize: most, minStorageBufferOffsetAlignment: alignment } = limits;
  if (4 * rows * floatsARow <= most) return [{ start: 0, rows }];
  while ((4 * step * floatsARow) % alignment !== 0) step *= 2;
  // So that slices begin where they may as halves too, where that is not too many rows.
  if ((2 * step * floatsARow) % alignment !== 0 && 8 * step * floatsARow <= most) step *= 2;
  const each = Math.floor(most / (4 * step * floatsARow)) * step;
  // A limit that not even that fits in: the planner says so.
  if (each === 0) return [{ start: 0, rows }];
  const slices: RowSlice[] = [];
  for (let start = 0; start < rows; start += each) slices.push({ start, rows: Math.min(each, rows - start) });
  return slices;
}

/** A slice of a value with so many floats a row; `whole` where it is all there is. */
export function sliceOf(
  value: string,
  access: 'read' | 'write' | 'readwrite',
  { start, rows }: RowSlice,
  floatsARow: number,
  whole: boolean,
): Operand {
  if (whole) return { value, access };
  return { value, access, part: { offset: 4 * start * floatsARow, bytes: 4 * rows * floatsARow } };
}

/** Scratch memory of `floats` 32-bit words. */
export function scratch(name: string, floats: number, access: 'read' | 'write' | 'readwrite'): Operand {
  return { scratch: name, bytes: 4 * floats, access };
}

/** An output that the kernel computes anyway: scratch memory when nobody wants it. */
export function writeOrDrop(value: string | undefined, name: string, floats: number): Operand {
  return value ? write(value) : scratch(name, floats, 'write');
}

/** Workgroup counts for `groups` workgroups in a row, folded into two dimensions where one is too short. */
export function grid(groups: number, adapter: AdapterProfile): [number, number, number] {
  const limit = adapter.limits.maxComputeWorkgroupsPerDimension;
  const needed = Math.max(1, groups);
  if (needed <= limit) return [needed, 1, 1];
  const y = Math.ceil(needed / limit);
  return [Math.ceil(needed / y), y, 1];
}

/** Invocations of a workgroup in the kernels that walk over items (`workgroup_size(256)`). */
export const ITEM_GROUP = 256;

/**
 * Work over `count` independent items: constants `count` and `perThread`, and the workgroups. Software
 * adapters pay about a microsecond a workgroup, so there an invocation takes several items.
 */
export function overItems(
  count: number,
  adapter: AdapterProfile,
): { constants: { count: number; perThread: number }; workgroups: [number, number, number] } {
  const perThread = adapter.software ? Math.min(16, Math.max(1, Math.floor(count / (ITEM_GROUP * 8)))) : 1;
  return {
    constants: { count, perThread },
    workgroups: grid(Math.ceil(count / (ITEM_GROUP * perThread)), adapter),
  };
}

/** Entry point and item count of a kernel with a scalar and a four-wide entry. */
export function widthOf(count: number, ...alsoMultiplesOf4: number[]): { entry: string; width: 1 | 4 } {
  return [count, ...alsoMultiplesOf4].every((n) => n % 4 === 0)
    ? { entry: 'wide', width: 4 }
    : { entry: 'narrow', width: 1 };
}

/** Invocations of a workgroup that reduces a row of `length`: a power of two, about four elements each. */
export function rowGroup(length: number): number {
  let size = 32;
  while (size < 256 && size * 4 < length) size *= 2;
  return size;
}

/** Rows that one workgroup of a serial row kernel takes. */
const SERIAL_ROWS = 32;

/**
 * A kernel over rows in two variants: `<shader>`, a workgroup a row reducing in workgroup memory, and
 * `<shader>-serial`, an invocation a row, which is what software adapters do best: a barrier there costs
 * more than a row (512 rows of 128 took 0.6 ms serially on SwiftShader, 39 ms by workgroups of 64).
 * Operands are for the caller to add.
 */
export function rowKernel(
  shader: string,
  { rows, columns }: { rows: number; columns: number },
  adapter: AdapterProfile,
): Omit<KernelCall, 'operands'> {
  if (adapter.software) {
    const { entry, width } = widthOf(columns);
    return {
      shader: `${shader}-serial`,
      entry,
      // Rows are read off what is bound: one pipeline serves all batch sizes and lengths.
      constants: { columns: columns / width },
      workgroups: grid(Math.ceil(rows / SERIAL_ROWS), adapter),
    };
  }
  const tunes = classKey({ family: 'rows', rows, columns });
  const workgroupSize = chosen(tunes, ROW_VARIANTS, adapter) ?? rowGroup(columns);
  return {
    shader,
    entry: 'main',
    constants: { rows, columns, workgroupSize },
    workgroups: grid(rows, adapter),
    tunes,
  };
}
