/**
 * `session.json`: what a training command began with, so that it can go on: its specs, and hashes of the model,
 * the rows and the adapters that it started from. It marks a folder as ours.
 */
import { parseJson } from '../src/json.ts';
import { z } from 'zod';
import { StudioError } from '../src/errors.ts';
import type { RunEnvironment } from '../src/runs/record.ts';
import { completeSpec, readSpec, type ComparisonRun, type SpecInput } from '../src/runs/spec.ts';
import { writtenSpec } from '../src/runs/spec-tasks.ts';
import { say } from '../src/sentence.ts';

export const SESSION_NAME = 'session.json';

const FORMAT = 1;

export interface Session {
  verb: 'train' | 'compare';
  /** When it began, ISO 8601. */
  created: string;
  /** Folder that the spec's paths are relative to, absolute. */
  base: string;
  /** As written. */
  spec: SpecInput;
  /** Those of `--methods`, where it was given. */
  methods?: string[];
  /** Completed, with what they start from, in the order of the comparison. */
  runs: ComparisonRun[];
  model: { source: string; hash: string };
  /** SHA-256 of the encoded rows. */
  rows: { train: string; validation: string | null; test?: string };
  /** SHA-256 of the adapters that runs start from, by the path in the spec. */
  starts: Record<string, string>;
  /** Where it ran last. */
  environment: RunEnvironment;
  /** What a person should know, a sentence each. */
  notes: string[];
  /** Of a comparison: seconds that each run was thought to take, by key, as far as that is known. */
  forecasts?: Record<string, number>;
}

const mark = z.object({ format: z.literal(FORMAT), verb: z.enum(['train', 'compare']) });

/** A key names a folder below the comparison's. */
const key = z.string().refine((name) => {
  const parts = name.split('/');
  return !/[\\:\0]/.test(name) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
});

const schema = mark.extend({
  created: z.string(),
  base: z.string(),
  spec: z.unknown(),
  methods: z.array(z.string()).optional(),
  runs: z.array(z.object({ key, spec: z.unknown() })).min(1),
  model: z.object({ source: z.string(), hash: z.string() }),
  rows: z.object({ train: z.string(), validation: z.string().nullable(), test: z.string().optional() }),
  starts: z.record(z.string(), z.string()),
  environment: z.object({
    studio: z.string(),
    runtime: z.string(),
    adapter: z.object({
      vendor: z.string(),
      architecture: z.string(),
      description: z.string(),
      software: z.boolean(),
    }),
  }),
  notes: z.array(z.string()),
  forecasts: z.record(z.string(), z.number()).optional(),
});

/** Is it a session of any kind of ours? */
export function isSessionText(text: string): boolean {
  try {
    return mark.safeParse(parseJson(text)).success;
  } catch {
    return false;
  }
}

export function sessionText(session: Session): string {
  const runs = session.runs.map(({ key: name, spec }) => ({ key: name, spec: writtenSpec(spec) }));
  return `${JSON.stringify({ format: FORMAT, ...session, runs }, null, 2)}\n`;
}

/**
 * @param file how messages name it
 * @throws StudioError('storage') when it is not whole, ('spec') when its specs no longer read
 */
export function readSession(text: string, file: string): Session {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    value = null;
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const field = result.error.issues[0].path.join('.');
    throw new StudioError(
      'storage',
      field === ''
        ? say`${file} is damaged, so its run cannot go on; start it again with --spec and --out`
        : say`${file} is damaged (${field}), so its run cannot go on; start it again with --spec and --out`,
    );
  }
  const { spec, runs, ...rest } = result.data;
  return {
    ...rest,
    spec: readSpec(spec),
    runs: runs.map((run) => ({ key: run.key, spec: completeSpec(readSpec(run.spec)) })),
  };
}
