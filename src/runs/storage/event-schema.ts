/** The shape of a run's events and summary, as stored and as read from an archive. */
import { RECOMPUTE_MODES } from '../../plan/recompute-modes.ts';
import { z } from 'zod';
import { MEMORY_CATEGORIES, type MemoryBytes } from '../../plan/plan.ts';
import type { RunEvent } from '../../train/events.ts';
import { METRIC_NAMES } from '../spec-training.ts';
import type { RunSummary } from '../summary.ts';
import { sentenceSchema } from './sentence-schema.ts';

/** More characters than any sentence or name of ours has. */
const LONGEST_TEXT = 10_000;

/** How many there are of something. */
export const count = z.int().min(0);
/** A finite number, from 0. */
const duration = z.number().min(0);
export const shortText = z.string().max(LONGEST_TEXT);
/**
 * What training has come to. It may be no number at all, which JSON writes as null and a database keeps as it is.
 */
export const measured = z.preprocess(
  (value) => (value === null ? NaN : value),
  z.custom<number>((value) => typeof value === 'number'),
);
export const time = z.iso.datetime({ offset: true });

const bytes = z.strictObject(
  Object.fromEntries([...MEMORY_CATEGORIES, 'total'].map((name) => [name, count])),
) as unknown as z.ZodType<MemoryBytes>;
const metrics = z.partialRecord(z.enum(METRIC_NAMES), measured) as z.ZodType<Record<string, number>>;
const reason = z.enum(['completed', 'stopped', 'earlyStopped', 'nonFinite', 'deviceLost', 'failed']);
const best = z.strictObject({ step: count, metric: z.enum(METRIC_NAMES), value: measured });
/** Of a run in stages. */
const stage = z.int().min(1).max(1000).optional();

const reference = z
  .strictObject({ largestClass: measured.optional(), untuned: measured.optional() })
  .optional();
const references = z.strictObject({ validation: reference, test: reference });
/** Numbers with a blank between them. */
const numbers = z.string().regex(/^[-+\d.e NaInfity]*$/);

const step = z.strictObject({
  type: z.literal('step'),
  stage,
  step: z.int().min(1),
  task: shortText.optional(),
  loss: measured,
  penalty: measured.optional(),
  learningRate: measured,
  gradNorm: measured,
  milliseconds: duration,
  tokens: count,
});

export const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    stage,
    time,
    adapter: z.strictObject({ vendor: shortText, description: shortText }),
    trainableParameters: count,
    totalParameters: count,
  }),
  z.strictObject({
    type: z.literal('memory'),
    stage,
    predicted: bytes,
    allocated: bytes,
    fitted: z.strictObject({ recompute: z.enum(RECOMPUTE_MODES), arithmetic: measured }).optional(),
  }),
  step,
  z.strictObject({
    type: z.literal('evaluate'),
    stage,
    step: count,
    split: z.enum(['validation', 'train', 'test']),
    task: shortText.optional(),
    metrics,
  }),
  z.strictObject({
    type: z.literal('reference'),
    stage,
    scores: references,
    tasks: z.array(z.strictObject({ name: shortText, scores: references })).optional(),
  }),
  z.strictObject({
    type: z.literal('answers'),
    stage,
    task: shortText.optional(),
    split: z.enum(['validation', 'test']),
    step: count,
    truth: numbers,
    given: numbers,
  }),
  z.strictObject({
    type: z.literal('stage'),
    stage: z.int().min(1).max(1000),
    reason,
    step: count,
    best: best.nullable(),
  }),
  z.strictObject({
    type: z.literal('end'),
    stage,
    reason,
    step: count.optional(),
    best: best.nullable(),
    seconds: duration,
    message: shortText.optional(),
    sentence: sentenceSchema.optional(),
  }),
]) satisfies z.ZodType<RunEvent>;

const evaluated = z.strictObject({ step: count, metrics });
const splits = z.strictObject({
  train: metrics.optional(),
  validation: metrics.optional(),
  test: metrics.optional(),
});

/** Earlier versions left out what was not known; it is filled in as `summarize` begins. */
export const summarySchema = z.strictObject({
  reason: reason.default('failed'),
  message: shortText.optional(),
  sentence: sentenceSchema.optional(),
  steps: count.default(0),
  trainableParameters: count.default(0),
  totalParameters: count.default(0),
  stages: z
    .array(z.strictObject({ stage: z.int().min(1), reason, step: count, best: best.nullable() }))
    .optional(),
  initial: evaluated.optional(),
  best: evaluated.extend(best.shape).optional(),
  last: evaluated.optional(),
  reference: references.optional(),
  scores: splits.optional(),
  tasks: z
    .array(z.strictObject({ name: shortText, scores: splits, reference: references.optional() }))
    .optional(),
  firstLoss: measured.nullable().default(null),
  lastLoss: measured.nullable().default(null),
  seconds: duration.default(0),
  millisecondsPerStep: duration.nullable().default(null),
  tokens: count.default(0),
  tokensPerSecond: duration.nullable().default(null),
  memory: z.strictObject({ predicted: bytes, allocated: bytes }).optional(),
}) satisfies z.ZodType<RunSummary>;
