/**
 * Building blocks of the run spec's schema. The error text of every field says what the field accepts,
 * so that `refusal` can put path, value and accepted values into one sentence.
 */
import { z } from 'zod';

/** A closed object: a field that is not listed is refused, and the refusal lists those that are. */
export function record<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? fields : `an object with the fields ${fields}`),
  });
}

/** An integer in [min, max]. @param error what is accepted, where that says more than the bounds */
export function integer(
  min: number,
  max = Number.MAX_SAFE_INTEGER,
  error = max === Number.MAX_SAFE_INTEGER ? `an integer from ${min}` : `an integer from ${min} to ${max}`,
) {
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

/** A finite number from `min`, inclusive. */
export function numberFrom(min: number) {
  const error = min === -Infinity ? 'a number' : `a number from ${min}`;
  return z.number({ error }).min(min, { error });
}

/** A finite number above 0. */
export function positive() {
  const error = 'a number above 0';
  return z.number({ error }).gt(0, { error });
}

/** A number in [0, 1). */
export function fraction() {
  return numberWithin({ min: 0, minOpen: false, max: 1, maxOpen: true });
}

/** A string with something in it. */
export function text(what: string) {
  return z.string({ error: what }).refine((value) => value.trim() !== '', { error: what });
}

/** A finite number within bounds; an open bound is itself excluded. */
export function numberWithin({ min, minOpen, max, maxOpen }: Bounds) {
  const from = minOpen ? `above ${min}` : `from ${min}`;
  const to = max === undefined ? '' : maxOpen ? ` up to, not including, ${max}` : ` up to ${max}`;
  const error = `a number ${from}${minOpen && to ? ',' : ''}${to}`;
  let schema = z.number({ error });
  schema = minOpen ? schema.gt(min, { error }) : schema.min(min, { error });
  if (max === undefined) return schema;
  return maxOpen ? schema.lt(max, { error }) : schema.max(max, { error });
}

interface Bounds {
  min: number;
  minOpen: boolean;
  max?: number;
  maxOpen?: boolean;
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: words.map((word) => `"${word}"`).join(' or ') });
}

/** One of words known at run time only. */
export function choice(words: readonly [string, ...string[]]) {
  return oneOf([...words]);
}

export function flag() {
  return z.boolean({ error: 'true or false' });
}
