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

/** An integer in [min, max]. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER) {
  const error =
    max === Number.MAX_SAFE_INTEGER ? `an integer from ${min}` : `an integer from ${min} to ${max}`;
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
  const error = 'a number from 0 up to, not including, 1';
  return z.number({ error }).min(0, { error }).lt(1, { error });
}

/** A string with something in it. */
export function text(what: string) {
  return z.string({ error: what }).refine((value) => value.trim() !== '', { error: what });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: words.map((word) => `"${word}"`).join(' or ') });
}

export function flag() {
  return z.boolean({ error: 'true or false' });
}
