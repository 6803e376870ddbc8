/** The spec of a cell that is built on what other cells have left. */
import type { RunSpec } from '../runs/spec.ts';
import type { Cell } from './study.ts';

/** Where the adapters of other cells lie, as a spec names them. */
export interface CellStarts {
  /** Of the cell that it starts from. */
  start?: string;
  /** Of the cells that its fusion is over. */
  adapters?: readonly string[];
}

/** The spec with the adapters that its method starts from, or is a fusion of. */
export function startedSpec({ spec }: Pick<Cell, 'spec'>, { start, adapters }: CellStarts): RunSpec {
  if (start === undefined && adapters === undefined) return spec;
  const { method } = spec;
  if (method === undefined || Array.isArray(method))
    throw new Error('internal: only a cell of one method starts from another');
  if (adapters === undefined) return { ...spec, method: { ...method, init: start } };
  if (method.type !== 'fusion') throw new Error(`internal: ${method.type} is built of no adapters`);
  return {
    ...spec,
    method: { ...method, ...(start !== undefined && { init: start }), adapters: [...adapters] },
  };
}
