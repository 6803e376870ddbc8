/** Fields of the form: what is typed is text, what it stands for is a value of the spec. */
import type { OptionInfo } from '../../deltas/catalogue.ts';
import { linearPattern } from '../../deltas/pattern.ts';
import { isExpression } from '../../deltas/targets.ts';
import { MOST_SEED } from '../../runs/fields.ts';

/** A field of the form: an option of a method, or one of training or data. */
export type Field = MethodField | WeightsField | SeedsField | NameField;
/** An option of a method, its learning rate among them. */
export type MethodField = OptionInfo;

/** Weights of classes: `none`, `balanced`, or a JSON object of a number above 0 by class. */
export interface WeightsField {
  name: string;
  kind: 'weights';
  default: 'none';
  advanced: boolean;
}

/** Different whole numbers, parted by commas. */
export interface SeedsField {
  name: string;
  kind: 'seeds';
  default: null;
  most: number;
  advanced: boolean;
}

/** The name of something that stands elsewhere in the form; whether it does is seen there. */
export interface NameField {
  name: string;
  kind: 'name';
  default: null;
  advanced: boolean;
}

/** What a field's text stands for: a value, `undefined` for a field left empty, or null where it does not read. */
export type FieldValue =
  | number
  | string
  | boolean
  | string[]
  | number[]
  | Record<string, number>
  | undefined
  | null;

/** Reads a field's text. An empty text is fine where the field has no default. */
export function readField(text: string, field: Field): FieldValue {
  const trimmed = text.trim();
  if (trimmed === '') return field.default === null ? undefined : null;
  switch (field.kind) {
    case 'integer':
    case 'number':
      return readNumber(trimmed, field);
    case 'choice':
      return field.choices.includes(trimmed) ? trimmed : null;
    case 'flag':
      return trimmed === 'true' ? true : trimmed === 'false' ? false : null;
    case 'targets':
      return readTargets(trimmed);
    case 'byRole':
      return readByRole(trimmed, field.integer);
    case 'seeds':
      return readSeeds(trimmed, field.most);
    case 'name':
      return trimmed;
    case 'weights':
      return trimmed === 'none' || trimmed === 'balanced' ? trimmed : readWeights(trimmed);
  }
}

function readNumber(text: string, field: Extract<Field, { kind: 'integer' | 'number' }>): number | null {
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  if (field.kind === 'integer') {
    const max = field.max ?? Number.MAX_SAFE_INTEGER;
    return Number.isInteger(value) && value >= field.min && value <= max ? value : null;
  }
  const { min, minOpen, max = Infinity, maxOpen = false } = field;
  const within = (minOpen ? value > min : value >= min) && (maxOpen ? value < max : value <= max);
  return within ? value : null;
}

/** Targets as typed: parted by commas or line ends; an expression between slashes may hold commas. */
export function splitTargets(text: string): string[] {
  const found = text.match(/\s*\/(?:\\.|[^/\\\n])+\/[a-z]*|[^,\n]+/g) ?? [];
  return found.map((target) => target.trim()).filter((target) => target !== '');
}

function readTargets(text: string): string[] | null {
  const targets = splitTargets(text);
  const compiles = (target: string): boolean => {
    if (!target.startsWith('/')) return true;
    try {
      if (!isExpression(target)) return false;
      linearPattern(target.slice(1, -1));
      return true;
    } catch {
      return false;
    }
  };
  return targets.length > 0 && targets.every(compiles) ? targets : null;
}

/** Numbers by role: `q: 16, ffn.in: 4`. */
function readByRole(text: string, integer: boolean): Record<string, number> | null {
  const entries = text.split(/[,\n]/).filter((part) => part.trim() !== '');
  const read = entries.map((entry): [string, number] => {
    const colon = entry.lastIndexOf(':');
    return [entry.slice(0, Math.max(0, colon)).trim(), Number(entry.slice(colon + 1))];
  });
  const fits = read.every(
    ([role, value]) =>
      role !== '' && Number.isFinite(value) && value > 0 && (!integer || Number.isInteger(value)),
  );
  return fits && read.length > 0 ? Object.fromEntries(read) : null;
}

function readSeeds(text: string, most: number): number[] | null {
  const seeds = text.split(/[\s,]+/).filter((part) => part !== '');
  const whole = seeds.every((part) => /^\d+$/.test(part) && Number(part) <= MOST_SEED);
  const numbers = seeds.map(Number);
  return whole && numbers.length <= most && new Set(numbers).size === numbers.length ? numbers : null;
}

function readWeights(text: string): Record<string, number> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const weighs = (one: unknown): boolean => typeof one === 'number' && Number.isFinite(one) && one > 0;
  return Object.values(value).every(weighs) ? (value as Record<string, number>) : null;
}

/** The text of weights, such that it reads as them again. */
export function writeWeights(weights: string | Readonly<Record<string, number>>): string {
  return typeof weights === 'string' ? weights : JSON.stringify(weights);
}

/** The text of a value, such that it reads as the value again. */
export function writeField(value: FieldValue | readonly string[]): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([role, number]) => `${role}: ${number}`)
      .join(', ');
  return String(value);
}
