/** The `model` and `data` of a run spec. */
import { z } from 'zod';
import { integer, oneOf, record, text } from './fields.ts';
import { checkTemplate, checkVerbalizer, refuseFields } from './spec-texts.ts';

export const TASKS = ['classification', 'regression', 'text2text', 'maskedLm'] as const;
export type Task = (typeof TASKS)[number];

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
  maxTargetLength: integer(2).optional(),
  fewShot: integer(1).optional(),
  limit: record({ train: integer(1).optional(), validation: integer(1).optional() }).optional(),
  invalidRows: oneOf(['refuse', 'skip']).optional(),
  template: text('a template with {text}').optional(),
  verbalizer: z.record(z.string(), text('a word'), { error: 'an object from labels to words' }).optional(),
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
  columns: { text?: string[]; label?: string; target?: string };
  /** Tokens, special ones included, virtual ones not. */
  maxLength: number;
  /** Tokens of a target, its end included; of text to text. */
  maxTargetLength?: number;
  /** Rows of each class to train on, drawn by the seed; all when absent. */
  fewShot?: number;
  limit: { train?: number; validation?: number };
  /** What is done with rows that cannot be used; refused if left out. */
  invalidRows?: 'skip';
  /** A text around {text}, {text2} and, for `maskedLm`, {mask}. */
  template?: string;
  /** The word that stands for each label. */
  verbalizer?: Record<string, string>;
}

/** Fits the built-in model's 128 positions with room for virtual tokens, and most sentences. */
export const DEFAULT_MAX_LENGTH = 64;
/** Most answers, titles and one-sentence summaries. */
export const DEFAULT_MAX_TARGET_LENGTH = 64;

export function completeModel(input: ModelInput): ModelSpec {
  return { source: input.source, task: input.task ?? 'classification', pooling: input.pooling ?? 'mean' };
}

/**
 * Fills in defaults and checks that the fields suit the task.
 * @throws StudioError `spec` naming the field
 */
export function completeData(input: DataInput, task: Task): DataSpec {
  const columns = input.columns ?? {};
  refuseFields(input, task);
  checkTemplate(input, task);
  checkVerbalizer(input, task);
  return {
    train: input.train,
    ...(input.validation !== undefined && { validation: input.validation }),
    columns: {
      ...(columns.text && { text: columns.text }),
      ...(columns.label !== undefined && { label: columns.label }),
      ...(columns.target !== undefined && { target: columns.target }),
    },
    maxLength: input.maxLength ?? DEFAULT_MAX_LENGTH,
    ...(task === 'text2text' && { maxTargetLength: input.maxTargetLength ?? DEFAULT_MAX_TARGET_LENGTH }),
    ...(input.fewShot !== undefined && { fewShot: input.fewShot }),
    limit: { ...input.limit },
    ...(input.invalidRows === 'skip' && { invalidRows: 'skip' as const }),
    ...(input.template !== undefined && { template: input.template }),
    ...(input.verbalizer && { verbalizer: { ...input.verbalizer } }),
  };
}
