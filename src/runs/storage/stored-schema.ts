/**
 * The shape of what is stored, checked where it comes from elsewhere: out of a zip, and out of a database that other
 * versions have written to. Strict, so that whatever passes can be shown, opened and gone on with.
 */
import { z } from 'zod';
import { StudioError } from '../../errors.ts';
import { english, field, say, type Sentence } from '../../sentence.ts';
import type { StepPredictions } from '../../train/predictions.ts';
import { pathText } from '../refusal.ts';
import {
  comparisonSpecs,
  completeSpec,
  readSpec,
  runMethod,
  totalSteps,
  type RunSpec,
  type SpecInput,
} from '../spec.ts';
import { fileNameProblem, shownName } from '../file-names.ts';
import { count, measured, shortText, summarySchema, time } from './event-schema.ts';
import { toldSchema } from './sentence-schema.ts';
import { STORE_FORMAT, type StoredComparison, type StoredRunState } from './stored.ts';

const MOST_RUNS = 1000;
const MOST_FILES = 1000;
/** A sentence of a spec that is longer than this is not repeated in ours. */
const LONGEST_REASON = 240;

/** Reads with another reader inside a schema; what that refuses is kept with the issue. */
function readBy<Output>(read: (value: unknown) => Output) {
  return z.unknown().transform((value, context): Output => {
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      context.addIssue({ code: 'custom', message: error.message, params: { sentence: error.sentence } });
      return z.NEVER;
    }
  });
}

function refuseMany(value: unknown): void {
  const { compare } = (value ?? {}) as { compare?: unknown };
  if (Array.isArray(compare) && compare.length > MOST_RUNS)
    throw new StudioError(
      'spec',
      say`${field('compare')}: got ${compare.length} methods; expected at most ${MOST_RUNS}`,
    );
}

const comparisonSpec = readBy((value): SpecInput => {
  refuseMany(value);
  return readSpec(value);
});
/** In memory a run of several tasks has the first one's data beside them, which no spec is written with. */
const runSpec = readBy((value): RunSpec => {
  const { data: _first, ...written } = (value ?? {}) as { data?: unknown; tasks?: unknown };
  return completeSpec(readSpec(written.tasks === undefined ? value : written));
});

const text = shortText.min(1);
const columns = z.strictObject({
  text: z.array(text).min(1).max(2),
  label: text.optional(),
  target: text.optional(),
});

const headerSchema = z
  .strictObject({ run: text, method: text, steps: count, spec: runSpec })
  .refine(({ spec, steps }) => steps === totalSteps(spec), { path: ['steps'] })
  .refine(({ spec, method }) => method === runMethod(spec), { path: ['method'] });

/** A comparison, whose runs are those that its spec asks for. */
export const comparisonSchema = z
  .strictObject({
    format: z.literal(STORE_FORMAT),
    id: text,
    name: text,
    created: time,
    spec: comparisonSpec,
    environment: z.strictObject({
      studio: shortText,
      runtime: shortText,
      adapter: z.strictObject({
        vendor: shortText,
        architecture: shortText,
        description: shortText,
        software: z.boolean(),
      }),
    }),
    model: z.strictObject({ source: text, hash: text, parameters: count }),
    labels: z
      .strictObject({
        names: z.array(shortText).max(100_000),
        source: z.enum(['indices', 'id2label', 'file', 'sorted']),
        aliases: z.record(z.string(), shortText).optional(),
      })
      .nullable(),
    columns,
    notes: z.array(toldSchema).max(1000),
    forecast: z.record(z.string(), z.number()).optional(),
    dataHash: text,
    inputs: z.strictObject({ model: z.string(), data: z.string() }),
    runs: z.array(headerSchema).min(1).max(MOST_RUNS),
    imported: z.strictObject({ from: shortText }).optional(),
  })
  .superRefine(({ spec, runs }, context) => {
    let keys: string[];
    try {
      keys = comparisonSpecs(spec).map(({ key }) => key);
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      keys = [];
    }
    const at = runs.findIndex(({ run }, i) => run !== keys[i]);
    if (at !== -1) context.addIssue({ code: 'custom', path: ['runs', at, 'run'] });
    else if (keys.length !== runs.length) context.addIssue({ code: 'custom', path: ['runs'] });
  }) satisfies z.ZodType<StoredComparison>;

const phase = z.enum([
  'waiting',
  'running',
  'completed',
  'stopped',
  'earlyStopped',
  'nonFinite',
  'deviceLost',
  'failed',
]);

const savedFile = z.strictObject({
  name: z.string().refine((name) => fileNameProblem(name) === null),
  bytes: count,
});

/** How far a run is. */
export const stateSchema = z.strictObject({
  comparison: text,
  run: text,
  phase,
  summary: summarySchema.nullable(),
  adapter: z.strictObject({ step: count, files: z.array(savedFile).max(MOST_FILES) }).nullable(),
  checkpoint: z
    .strictObject({
      slot: z.union([z.literal(0), z.literal(1)]),
      step: count,
      events: count,
      bytes: count,
    })
    .nullable(),
}) satisfies z.ZodType<StoredRunState>;

/** Answers as an archive has them: a list of numbers. */
export const predictionsSchema = z
  .strictObject({
    step: count,
    logits: z.array(measured),
    texts: z.array(z.string()).optional(),
  })
  .transform(({ logits, ...rest }): StepPredictions => ({ ...rest, logits: Float64Array.from(logits) }));

/** What is wrong first, in words: a field and, of a spec, what its own reader says. */
export function firstIssue(error: z.ZodError): Sentence {
  const [issue] = error.issues;
  const path = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  const field = shownName(pathText(path));
  const reason = issue.code === 'custom' ? (issue.params?.sentence as Sentence | undefined) : undefined;
  return reason === undefined || english(reason).length > LONGEST_REASON
    ? say`${field} is missing or not as the studio writes it`
    : say`${field} does not read (${reason})`;
}
