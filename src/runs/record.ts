/**
 * The run record, `run.json`: what was asked for, where it ran, what came out. With the adapter beside
 * it, it is enough to evaluate and predict later.
 */
import { parseJson } from '../json.ts';
import { z } from 'zod';
import type { LabelSpace } from '../data/labels.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { AnswerReport } from '../train/answer-report.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { completeSpec, readSpec, type RunSpec } from './spec.ts';
import { taskView, writtenSpec } from './spec-tasks.ts';
import type { RunSummary } from './summary.ts';

export const RECORD_FORMAT = 1;

export interface RunEnvironment {
  /** Version of the studio. */
  studio: string;
  /** What it ran on: `Node 20.1`, or the browser's name. */
  runtime: string;
  adapter: Pick<AdapterProfile, 'vendor' | 'architecture' | 'description' | 'software'>;
}

/** What was found in the data. */
interface DataFacts {
  labels: LabelSpace | null;
  columns: { text: string[]; label?: string; target?: string };
}

export interface RunRecord {
  format: typeof RECORD_FORMAT;
  name: string;
  /** ISO 8601. */
  created: string;
  /** Completed: every default filled in. */
  spec: RunSpec;
  /** Folder that the spec's paths are relative to; absent where files were picked in a page. */
  base?: string;
  model: {
    source: string;
    /** SHA-256 of the base model's weights. */
    hash: string;
    parameters: number;
  };
  /** Classes by index; null where there are none. */
  labels: LabelSpace | null;
  /** Columns the texts and labels, or targets, were read from. */
  columns: DataFacts['columns'];
  /** Both of each task, of a run of several; what stands above is the first one's. */
  tasks?: ({ name: string } & DataFacts)[];
  /** Step whose weights the adapter holds; null when there is none. */
  adapterStep: number | null;
  environment: RunEnvironment;
  summary: RunSummary;
  /** Of a classifier: its answers to the rows held out, class by class; absent where there are none. */
  answers?: AnswerReport;
}

const facts = {
  labels: z
    .object({
      names: z.array(z.string()),
      source: z.enum(['indices', 'id2label', 'file', 'sorted']),
      aliases: z.record(z.string(), z.string()).optional(),
    })
    .nullable(),
  columns: z.object({
    text: z.array(z.string()),
    label: z.string().optional(),
    target: z.string().optional(),
  }),
};

/** Fields that evaluation needs; the rest is for people. */
const needed = z.object({
  format: z.literal(RECORD_FORMAT),
  spec: z.unknown(),
  base: z.string().optional(),
  model: z.object({ source: z.string(), hash: z.string() }),
  ...facts,
  tasks: z.array(z.object({ name: z.string(), ...facts })).optional(),
  answers: z.object({ temperature: z.number().positive().nullable() }).optional(),
});

export type StoredRun = Pick<RunRecord, 'spec' | 'base' | 'labels' | 'columns' | 'tasks'> & {
  /** Name of the one that it stands for, of several tasks. */
  task?: string;
  /** Where that stands among them. */
  place?: { index: number; count: number };
  model: Pick<RunRecord['model'], 'source' | 'hash'>;
  answers?: Pick<AnswerReport, 'temperature'>;
};

/**
 * Reads a run record.
 * @param file how messages name it
 * @throws StudioError('storage') when it is not one of ours, ('spec') when its spec no longer reads
 */
export function readRecord(json: string, file: string): StoredRun {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (cause) {
    throw new StudioError('storage', say`${file} is not valid JSON; choose the folder of a finished run`, {
      cause,
    });
  }
  const result = needed.safeParse(value);
  if (!result.success) {
    const part = result.error.issues[0].path.join('.') || say`its contents`;
    throw new StudioError('storage', say`${file} is not a run record of this version (${part}); train again`);
  }
  return { ...result.data, spec: completeSpec(readSpec(result.data.spec)) };
}

/** A record as it is written. */
export function writtenRecord(record: RunRecord): unknown {
  return { ...record, spec: writtenSpec(record.spec) };
}

/**
 * A finished run as one of a single task: of several the one that is asked for.
 * @throws StudioError('storage') where it is not clear which, or there is no such task
 */
export function taskRun(stored: StoredRun, asked: string | undefined): StoredRun {
  const { spec, tasks } = stored;
  const names = spec.tasks?.map(({ name }) => name);
  if (names === undefined || tasks === undefined) {
    if (asked === undefined) return stored;
    throw new StudioError('storage', say`this run has one task and no name for it; leave out --task`);
  }
  const listedNames = names.join(', ');
  if (asked === undefined)
    throw new StudioError('storage', say`this run has several tasks; name one of ${listedNames} with --task`);
  const index = names.indexOf(asked);
  const found = tasks.find(({ name }) => name === asked);
  if (index === -1 || found === undefined)
    throw new StudioError(
      'storage',
      say`--task: this run has no task "${asked}"; name one of ${listedNames}`,
    );
  const { labels, columns } = found;
  return {
    ...stored,
    spec: taskView(spec, index),
    labels,
    columns,
    tasks: undefined,
    answers: undefined,
    task: asked,
    place: { index, count: names.length },
  };
}
