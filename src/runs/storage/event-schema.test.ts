import { type Sentence } from '../../sentence.ts';
import { expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { RunEvent } from '../../train/events.ts';
import type { RunSummary } from '../summary.ts';
import type { summarySchema } from './event-schema.ts';
import { eventSchema } from './event-schema.ts';
import type { comparisonSchema, stateSchema } from './stored-schema.ts';
import type { StoredComparison, StoredRunState } from './stored.ts';

/** Names of the fields of any of several kinds, deep. */
type Fields<T> = T extends readonly (infer One)[]
  ? Fields<One>
  : T extends Sentence
    ? never
    : T extends object
      ? { [K in keyof T & string]-?: K | `${K}.${Fields<T[K]>}` }[keyof T & string]
      : never;

it('knows every field that an event, a summary, a record or a state has: a new one is refused until it does', () => {
  expectTypeOf<Fields<z.output<typeof eventSchema>>>().toEqualTypeOf<Fields<RunEvent>>();
  expectTypeOf<Fields<z.output<typeof summarySchema>>>().toEqualTypeOf<Fields<RunSummary>>();
  expectTypeOf<keyof z.output<typeof comparisonSchema>>().toEqualTypeOf<keyof StoredComparison>();
  expectTypeOf<keyof z.output<typeof stateSchema>>().toEqualTypeOf<keyof StoredRunState>();
});

it('takes numbers that training came to as they are stored, and as JSON writes them', () => {
  const step = { type: 'step', step: 1, learningRate: 0.1, milliseconds: 1, tokens: 8 };
  for (const loss of [NaN, Infinity, null])
    expect(eventSchema.parse({ ...step, loss, gradNorm: 1 })).toMatchObject({ loss: loss ?? NaN });
  for (const loss of ['1', undefined, {}])
    expect(eventSchema.safeParse({ ...step, loss, gradNorm: 1 }).success).toBe(false);
});
