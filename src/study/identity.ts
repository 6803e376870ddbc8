/** Who a cell is: the same work has the same identity, in whatever experiment and in whatever order it stands. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { methodList, type MethodSpec } from '../runs/spec-method.ts';
import type { RunSpec } from '../runs/spec.ts';
import type { Cell, Draft } from './study.ts';

/** Hexadecimal digits of an identity: cells of a study are some hundreds. */
const DIGITS = 16;

/**
 * The identity is the hash of the completed spec, in which what models and data files hold stands for what they are
 * called: rows that were made in one place are taken up in another. Name and notes are for people.
 */
export function cellOf({ from, beside, fused, ...draft }: Draft): Cell {
  const before = from && cellOf(from).id;
  const second = beside && cellOf(beside).id;
  const over = fused?.map((one) => ({ id: cellOf(one).id, method: adapterOf(one) }));
  const { kind, noise, measure } = draft;
  const known = { kind, spec: byContents(draft), from: before, noise, measure, beside: second };
  const text = canonical({ ...known, fused: over?.map(({ id }) => id) });
  return {
    ...draft,
    ...(before !== undefined && { from: before }),
    ...(second !== undefined && { beside: second }),
    ...(over !== undefined && { fused: over }),
    id: bytesToHex(sha256(new TextEncoder().encode(text))).slice(0, DIGITS),
  };
}

/** A spec without its names: of files that are not there, which are told of where they are read, the name is all. */
function byContents({ spec, contents }: Pick<Draft, 'spec' | 'contents'>): object {
  const { name: _, notes: __, model, data, tasks, ...rest } = spec;
  const held = (file: unknown): unknown => (typeof file === 'string' ? (contents?.get(file) ?? file) : file);
  const set = (one: Pick<RunSpec['data'], 'train' | 'validation' | 'test'>): object => ({
    ...one,
    train: held(one.train),
    validation: held(one.validation),
    test: held(one.test),
  });
  return {
    ...rest,
    model: { ...model, source: held(model.source) },
    data: set(data),
    tasks: tasks?.map(set),
  };
}

/** The method of a training that a fusion is over. */
function adapterOf({ spec }: Draft): MethodSpec {
  const [method, ...others] = spec.method === undefined ? [] : methodList(spec.method);
  if (method === undefined || others.length > 0)
    throw new Error('internal: a fusion is over trainings of one method each');
  return method;
}

/** JSON with the fields of every object in the order of their names. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
