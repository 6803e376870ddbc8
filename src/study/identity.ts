/** Who a cell is: the same work has the same identity, in whatever experiment and in whatever order it stands. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Cell, Draft } from './study.ts';

/** Hexadecimal digits of an identity: cells of a study are some hundreds. */
const DIGITS = 16;

/** The identity is the hash of the completed spec; the name is nobody's business. */
export function cellOf({ from, beside, ...draft }: Draft): Cell {
  const { name: _, ...spec } = draft.spec;
  const before = from && cellOf(from).id;
  const second = beside && cellOf(beside).id;
  const { kind, noise, inputs, measure } = draft;
  const text = canonical({ kind, spec, from: before, noise, inputs, measure, beside: second });
  return {
    ...draft,
    ...(before !== undefined && { from: before }),
    ...(second !== undefined && { beside: second }),
    id: bytesToHex(sha256(new TextEncoder().encode(text))).slice(0, DIGITS),
  };
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
