/** The `model` and `data` of a run spec. */
import { z } from 'zod';
import { integer, oneOf, record, text } from './fields.ts';
import { fieldError, notAvailable } from './refusal.ts';
import { metricsFor, type MetricName } from '../train/metrics/metrics.ts';

export const TASKS = ['classification', 'regression', 'text2text', 'maskedLm'] as const;
export type Task = 'classification' | 'regression';

export const modelSchema = record({
  source: text('"builtin:NAME", a path, or a hub id such as "owner/name"'),
  task: oneOf(TASKS).optional(),
  pooling: oneOf(['mean', 'first']).optional(),
});

const columnName = text('the name of a column');
const share = 'a path, or a fraction of the training rows between 0 and 1';

export const dataSchema = record({
  train: text('the path of a data file'),
  validation: z
    .union([z.string(), z.number()], { error: share })
    .refine((value) => (typeof value === 'string' ? value.trim() !== '' : value > 0 && value < 1), {
      error: share,
    })
    .optional(),
  columns: record({
    text: z
      .array(columnName, { error: 'a list of one or two column names' })
      .min(1, { error: 'a list of one or two column names' })
      .max(2, { error: 'a list of one or two column names' })
      .optional(),
    label: columnName.optional(),
    target: columnName.optional(),
  }).optional(),
  maxLength: integer(2).optional(),
  limit: record({ train: integer(1).optional(), validation: integer(1).optional() }).optional(),
  invalidRows: oneOf(['refuse', 'skip']).optional(),
  template: text('a template with {text}').optional(),
  verbalizer: z.record(z.string(), z.string(), { error: 'an object from labels to words' }).optional(),
});

export type ModelInput = z.output<typeof modelSchema>;
export type DataInput = z.output<typeof dataSchema>;

export interface ModelSpec {
  /** `builtin:NAME`, a path relative to the spec, or a hub id. */
  source: string;
  task: Task;
  /** What a fresh head reads: the mean of the text's attended tokens, or the first token. */
  pooling: 'mean' | 'first';
}

export interface DataSpec {
  train: string;
  /** A file, or the fraction of the training rows that is held out. */
  validation?: string | number;
  /** Omitted names are guessed from the file's header. */
  columns: { text?: string[]; label?: string };
  /** Tokens, special ones included, virtual ones not. */
  maxLength: number;
  limit: { train?: number; validation?: number };
  /** What is done with rows that cannot be used; refused if left out. */
  invalidRows?: 'skip';
}

/** Fits the built-in model's 128 positions with room for virtual tokens, and most sentences. */
export const DEFAULT_MAX_LENGTH = 64;

/** @throws StudioError for tasks that are not available yet */
export function completeModel(input: ModelInput): ModelSpec {
  const task = input.task ?? 'classification';
  if (task !== 'classification' && task !== 'regression') {
    throw notAvailable('model.task', `the task "${task}"`, 'use "classification" or "regression"');
  }
  return { source: input.source, task, pooling: input.pooling ?? 'mean' };
}

/** @throws StudioError for templates and targets, which belong to tasks that are not available yet */
export function completeData(input: DataInput): DataSpec {
  if (input.template !== undefined) throw notAvailable('data.template', 'a template', 'leave it out');
  if (input.verbalizer !== undefined) throw notAvailable('data.verbalizer', 'a verbalizer', 'leave it out');
  if (input.columns?.target !== undefined) {
    throw fieldError('data.columns.target', input.columns.target, 'no target: it belongs to "text2text"');
  }
  const columns = input.columns ?? {};
  return {
    train: input.train,
    ...(input.validation !== undefined && { validation: input.validation }),
    columns: {
      ...(columns.text && { text: columns.text }),
      ...(columns.label !== undefined && { label: columns.label }),
    },
    maxLength: input.maxLength ?? DEFAULT_MAX_LENGTH,
    limit: { ...input.limit },
    ...(input.invalidRows === 'skip' && { invalidRows: 'skip' as const }),
  };
}

/** @throws StudioError when the task has no such metric */
export function checkMetric(metric: MetricName | undefined, task: Task): void {
  const { names } = metricsFor(task);
  if (metric === undefined || names.includes(metric)) return;
  const accepted = names.map((name) => `"${name}"`).join(', ');
  throw fieldError('training.metric', metric, `a metric of ${task}: ${accepted}`);
}
