/** The shape of a run spec's `model` and `data`, as written. */
import { say } from '../sentence.ts';
import { z } from 'zod';
import { encodingOf } from '../data/encoding/encodings.ts';
import { expects } from './refusal.ts';
import { flag, integer, MOST_SEED, oneOf, record, text } from './fields.ts';

export const TASKS = ['classification', 'regression', 'text2text', 'maskedLm'] as const;
export type Task = (typeof TASKS)[number];

/** Is there a head of the task's own? The others answer in words, with the model's language-model head. */
export const hasHead = (task: Task): boolean => task === 'classification' || task === 'regression';

export const modelSchema = record({
  source: text(say`"builtin:NAME", a path, or a hub id such as "owner/name"`),
  task: oneOf(TASKS).optional(),
  pooling: oneOf(['mean', 'first']).optional(),
  head: oneOf(['keep', 'fresh']).optional(),
});

const columnName = text(say`the name of a column`);
const share = expects(say`a path, or a fraction of the training rows between 0 and 1`);
const columnNames = expects(say`a list of one or two column names`);
const weights = expects(say`"none", "balanced", or an object with a number above 0 for each label`);
/** Of one class. A check, not a type: what is no number is told by its label, where a union would name all of it. */
const weight = z
  .unknown()
  .refine((value) => typeof value === 'number' && Number.isFinite(value) && value > 0, {
    error: expects(say`a number above ${0}`),
  })
  .transform(Number);
const encoding = expects(say`"auto", or a label of the Encoding Standard such as "shift_jis"`);

/** A file, or a fraction of the training rows. */
const part = z
  .union([z.string(), z.number()], { error: share })
  .refine((value) => (typeof value === 'string' ? value.trim() !== '' : value > 0 && value < 1), {
    error: share,
  });

export const dataSchema = record({
  train: text(say`the path of a data file`),
  validation: part.optional(),
  test: part.optional(),
  stratify: flag().optional(),
  splitSeed: integer(0, MOST_SEED).optional(),
  columns: record({
    text: z
      .array(columnName, { error: columnNames })
      .min(1, { error: columnNames })
      .max(2, { error: columnNames })
      .optional(),
    label: columnName.optional(),
    target: columnName.optional(),
  }).optional(),
  maxLength: integer(2).optional(),
  maxTargetLength: integer(2).optional(),
  fewShot: integer(1).optional(),
  limit: record({
    train: integer(1).optional(),
    validation: integer(1).optional(),
    test: integer(1).optional(),
  }).optional(),
  encoding: z
    .string({ error: encoding })
    .refine((label) => label === 'auto' || encodingOf(label) !== null, { error: encoding })
    .optional(),
  header: z
    .union([z.literal('auto'), z.boolean()], { error: expects(say`"auto", true or false`) })
    .optional(),
  missing: oneOf(['refuse', 'drop']).optional(),
  missingValues: z
    .array(z.string({ error: expects(say`a word`) }), { error: expects(say`a list of words`) })
    .optional(),
  invalidRows: oneOf(['refuse', 'skip']).optional(),
  labels: z
    .record(z.string(), text(say`the name of a class`), {
      error: expects(say`an object from labels to the names of classes`),
    })
    .optional(),
  classWeights: z
    .union([z.enum(['none', 'balanced']), z.record(z.string(), weight)], { error: weights })
    .optional(),
  template: text(say`a template with {text}`).optional(),
  verbalizer: z
    .record(z.string(), text(say`a word`), { error: expects(say`an object from labels to words`) })
    .optional(),
});

export type ModelInput = z.output<typeof modelSchema>;
export type DataInput = z.output<typeof dataSchema>;
