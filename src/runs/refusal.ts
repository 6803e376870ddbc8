/** Turns what zod found wrong with a spec into one sentence: the field's path, what it got, what it accepts. */
import type { z } from 'zod';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

type Path = readonly PropertyKey[];

/** `compare[1].method.rank` */
export function pathText(path: Path): string {
  let out = '';
  for (const key of path) {
    if (typeof key === 'number') out += `[${key}]`;
    else out += out === '' ? String(key) : `.${String(key)}`;
  }
  return out === '' ? 'the spec' : out;
}

/** The value as JSON, cut when long, with its type in words. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const json = JSON.stringify(value);
  const short = json.length > 60 ? `${json.slice(0, 57)}...` : json;
  return `${short} (${Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`})`;
}

function at(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** The field nearest to a misspelt one, if near enough to be worth naming. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length];
}

/** One sentence for the first issue; further ones are counted. */
export function refusal(error: z.ZodError, root: unknown): StudioError {
  const [first, ...others] = error.issues;
  const rest =
    others.length === 0 ? '' : ` (and ${others.length} more field${others.length === 1 ? '' : 's'})`;
  if (first.code === 'unrecognized_keys') {
    const key = first.keys[0];
    const where = pathText([...first.path, key]);
    const accepted = first.message.split(', ');
    const guess = nearest(key, accepted);
    const holder = first.path.length === 0 ? 'a spec' : pathText(first.path);
    const hint = guess === undefined ? '' : `, did you mean ${guess}?`;
    const got = valueText(at(root, [...first.path, key]));
    const more = first.keys.length > 1 && rest === '' ? ` (and ${first.keys.length - 1} more)` : rest;
    return new StudioError(
      'spec',
      say`${where}: got ${got}, but there is no such field${hint}; ${holder} accepts ${accepted.join(', ')}${more}`,
      { where },
    );
  }
  const where = pathText(first.path);
  const value = at(root, first.path);
  const got = value === undefined ? 'missing' : `got ${valueText(value)}`;
  return new StudioError('spec', say`${where}: ${got}; expected ${first.message}${rest}`, { where });
}

/** A field whose value has the right type and yet will not do. */
export function fieldError(where: string, got: unknown, expected: string): StudioError {
  const what = got === undefined ? 'missing' : `got ${valueText(got)}`;
  return new StudioError('spec', say`${where}: ${what}; expected ${expected}`, { where });
}

/** A field whose value the contract knows and this version lacks. */
export function notAvailable(where: string, what: string, instead: string): StudioError {
  return new StudioError('unsupported', say`${where}: ${what} is not available yet; ${instead}`, { where });
}
