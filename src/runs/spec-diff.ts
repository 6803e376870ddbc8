/** A run's configuration as rows, and where several differ. */
import { writtenSpec } from './spec-tasks.ts';
import type { RunSpec } from './spec.ts';

export interface SpecRow {
  /** Path of the field, as messages name it: `training.optimizer.learningRate`. */
  path: string;
  /** As JSON, of each spec; null where a spec has no such field. */
  values: (string | null)[];
  differs: boolean;
}

/** Every field of the specs, in the order in which they are written. */
export function specRows(specs: readonly RunSpec[]): SpecRow[] {
  const flat = specs.map((spec) => new Map(leaves(writtenSpec(spec), '')));
  const paths = [...new Set(flat.flatMap((one) => [...one.keys()]))].sort((a, b) => rank(a) - rank(b));
  return paths.map((path) => {
    const values = flat.map((one) => one.get(path) ?? null);
    return { path, values, differs: values.some((value) => value !== values[0]) };
  });
}

const ORDER = ['name', 'notes', 'model', 'data', 'tasks', 'method', 'stages', 'training'];

function rank(path: string): number {
  const at = ORDER.indexOf(path.split(/[.[]/, 1)[0]);
  return at === -1 ? ORDER.length : at;
}

function leaves(value: unknown, path: string): [string, string][] {
  const plain =
    typeof value !== 'object' ||
    value === null ||
    (Array.isArray(value) && value.every((item) => typeof item !== 'object'));
  if (plain) return path === 'version' ? [] : [[path, JSON.stringify(value) ?? '']];
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, `${path}[${i}]`));
  return Object.entries(value).flatMap(([key, one]) => leaves(one, path === '' ? key : `${path}.${key}`));
}
