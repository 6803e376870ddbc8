/** Turns what zod found wrong with a spec into one sentence: the field's path, what it got, what it accepts. */
import type { z } from 'zod';
import { StudioError } from '../errors.ts';
import { field, say, type Sentence, type SentenceValue } from '../sentence.ts';

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

/** What a schema's field accepts, as the text that zod wants of it; `refusal` reads it back. */
export function expects(accepted: SentenceValue): string {
  return JSON.stringify(accepted);
}

function expectation(message: string): SentenceValue {
  return JSON.parse(message) as SentenceValue;
}

function placeOf(path: Path, root: unknown): SentenceValue {
  return path.length === 0 ? say`the spec` : field(pathText(path), methodAt(path, root));
}

/** The type of the method that an option belongs to. */
function methodAt(path: Path, root: unknown): string | undefined {
  const end = path.lastIndexOf('method');
  const type = end < 0 ? undefined : at(root, [...path.slice(0, end + 1), 'type']);
  return typeof type === 'string' ? type : undefined;
}

/** The value as JSON, cut when long, with its type in words. */
function valueText(value: unknown): SentenceValue {
  if (value === null) return 'null';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const json = JSON.stringify(value);
  const short = json.length > 60 ? `${json.slice(0, 57)}...` : json;
  if (Array.isArray(value)) return say`${short} (a list)`;
  if (typeof value === 'object') return say`${short} (an object)`;
  if (typeof value === 'string') return say`${short} (a string)`;
  return typeof value === 'number' ? say`${short} (a number)` : say`${short} (a boolean)`;
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
  if (first.code === 'unrecognized_keys') return unknownField(first, others.length, root);
  const value = at(root, first.path);
  const sentence = say`${placeOf(first.path, root)}: ${found(value)}; expected ${expectation(first.message)}`;
  return new StudioError('spec', counted(sentence, others.length), { where: pathText(first.path) });
}

function unknownField(
  { keys, path, message }: z.core.$ZodIssueUnrecognizedKeys,
  others: number,
  root: unknown,
): StudioError {
  const [key] = keys;
  const place = placeOf([...path, key], root);
  const got = valueText(at(root, [...path, key]));
  const guess = nearest(key, message.split(', '));
  const holder = path.length === 0 ? say`a spec` : placeOf(path, root);
  const problem =
    guess === undefined
      ? say`${place}: got ${got}, but there is no such field`
      : say`${place}: got ${got}, but there is no such field, did you mean ${guess}?`;
  const sentence = say`${problem}; ${holder} accepts ${message}`;
  const more = keys.length - 1;
  const whole = more > 0 && others === 0 ? say`${sentence} (and ${more} more)` : counted(sentence, others);
  return new StudioError('spec', whole, { where: pathText([...path, key]) });
}

function counted(sentence: Sentence, others: number): Sentence {
  if (others === 0) return sentence;
  return others === 1 ? say`${sentence} (and 1 more field)` : say`${sentence} (and ${others} more fields)`;
}

function found(value: unknown): Sentence {
  return value === undefined ? say`missing` : say`got ${valueText(value)}`;
}

/** A field whose value has the right type and yet will not do. */
export function fieldError(where: string, got: unknown, expected: SentenceValue): StudioError {
  return new StudioError('spec', say`${field(where)}: ${found(got)}; expected ${expected}`, { where });
}

/** A field whose value the contract knows and this version lacks. */
export function notAvailable(where: string, what: Sentence, instead: Sentence): StudioError {
  return new StudioError('unsupported', say`${field(where)}: ${what} is not available yet; ${instead}`, {
    where,
  });
}
