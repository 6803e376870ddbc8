/**
 * Building blocks of the run spec's schema. The error text of every field says what the field accepts,
 * so that `refusal` can put path, value and accepted values into one sentence.
 */
import { say, type Sentence, type SentenceValue } from '../sentence.ts';
import { z } from 'zod';
import { expects } from './refusal.ts';

/** A closed object: a field that is not listed is refused, and the refusal lists those that are. */
export function record<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? fields : expects(say`an object with the fields ${fields}`),
  });
}

/** An integer in [min, max]. @param accepted what is accepted, where that says more than the bounds */
export function integer(
  min: number,
  max = Number.MAX_SAFE_INTEGER,
  accepted = max === Number.MAX_SAFE_INTEGER
    ? say`an integer from ${min}`
    : say`an integer from ${min} to ${max}`,
) {
  const error = expects(accepted);
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

/** Seeds are 32-bit integers. */
export const MOST_SEED = 0xffffffff;

/** A finite number from `min`, inclusive. */
export function numberFrom(min: number) {
  const error = expects(min === -Infinity ? say`a number` : say`a number from ${min}`);
  return z.number({ error }).min(min, { error });
}

/** A finite number above 0. */
export function positive() {
  const error = expects(say`a number above ${0}`);
  return z.number({ error }).gt(0, { error });
}

/** A number in [0, 1). */
export function fraction() {
  return numberWithin({ min: 0, minOpen: false, max: 1, maxOpen: true });
}

/** A string with something in it. */
export function text(what: Sentence) {
  const error = expects(what);
  return z.string({ error }).refine((value) => value.trim() !== '', { error });
}

/** A finite number within bounds; an open bound is itself excluded. */
export function numberWithin({ min, minOpen, max, maxOpen }: Bounds) {
  const error = expects(boundsOf({ min, minOpen, max, maxOpen }));
  let schema = z.number({ error });
  schema = minOpen ? schema.gt(min, { error }) : schema.min(min, { error });
  if (max === undefined) return schema;
  return maxOpen ? schema.lt(max, { error }) : schema.max(max, { error });
}

function boundsOf({ min, minOpen, max, maxOpen }: Bounds): Sentence {
  if (max === undefined) return minOpen ? say`a number above ${min}` : say`a number from ${min}`;
  if (minOpen)
    return maxOpen
      ? say`a number above ${min}, up to, not including, ${max}`
      : say`a number above ${min}, up to ${max}`;
  return maxOpen
    ? say`a number from ${min} up to, not including, ${max}`
    : say`a number from ${min} up to ${max}`;
}

interface Bounds {
  min: number;
  minOpen: boolean;
  max?: number;
  maxOpen?: boolean;
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: expects(eitherOf(words)) });
}

/** `"a" or "b" or "c"` */
function eitherOf([first, ...others]: readonly string[]): SentenceValue {
  const quoted = (word: string): Sentence => say`"${word}"`;
  return others.reduce((either, word) => say`${either} or ${quoted(word)}`, quoted(first));
}

/** One of words known at run time only. */
export function choice(words: readonly [string, ...string[]]) {
  return oneOf([...words]);
}

export function flag() {
  return z.boolean({ error: expects(say`true or false`) });
}
