/** The `model` and `data` of a run spec. */
import type { ClassWeights } from '../data/class-weights.ts';
import { encodingOf } from '../data/encoding/encodings.ts';
import type { ReadingChoices } from '../data/reading.ts';
import { field, say } from '../sentence.ts';
import type { DataInput, ModelInput, Task } from './spec-data-schema.ts';
import { fieldError } from './refusal.ts';
import { checkTemplate, checkVerbalizer, refuseFields } from './spec-texts.ts';

export { dataSchema, modelSchema } from './spec-data-schema.ts';
export { hasHead } from './spec-data-schema.ts';
export type { DataInput, ModelInput, Task } from './spec-data-schema.ts';

export interface ModelSpec {
  /** `builtin:NAME`, a path relative to the spec, or a hub id. */
  source: string;
  task: Task;
  /** What a fresh head reads: the mean of the text's attended tokens, or the first token. */
  pooling: 'mean' | 'first';
  /** Starts the classifier's last layer anew even where the export has one of the right size. */
  head?: 'fresh';
}

export interface DataSpec {
  train: string;
  /** A file, or the fraction of the training rows that is held out. */
  validation?: string | number;
  /** A file, or the fraction of the training rows that is kept to score with at the end. */
  test?: string | number;
  /** Whether a fraction is drawn from each class alike; of tasks with classes. */
  stratify?: boolean;
  /** What fractions and few shots are drawn with, where that is not `training.seed`: all seeds share the rows. */
  splitSeed?: number;
  /** Omitted names are guessed from the file's header. */
  columns: { text?: string[]; label?: string; target?: string };
  /** Tokens, special ones included, virtual ones not. */
  maxLength: number;
  /** Tokens of a target, its end included; of text to text. */
  maxTargetLength?: number;
  /** Rows of each class to train on, drawn by the seed; all when absent. */
  fewShot?: number;
  limit: { train?: number; validation?: number; test?: number };
  /** Label of the Encoding Standard; detected if left out. */
  encoding?: string;
  /** Whether the first row names the columns; told by what is below it if left out. */
  header?: boolean;
  /** What is done with rows without label, target or text; refused if left out. */
  missing?: 'drop';
  /** Words that stand for a missing label; the usual ones if left out. */
  missingValues?: string[];
  /** What is done with rows that cannot be used; refused if left out. */
  invalidRows?: 'skip';
  /** What labels of the files are called among the classes; others are called what they are. */
  labels?: Record<string, string>;
  /** What rows of each class weigh in the loss of training; all alike if left out. */
  classWeights?: ClassWeights;
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
  const task = input.task ?? 'classification';
  if (input.head !== undefined && task !== 'classification' && task !== 'regression')
    throw fieldError(
      'model.head',
      input.head,
      say`it to be left out of a "${task}", which has no classifier`,
    );
  return {
    source: input.source,
    task,
    pooling: input.pooling ?? 'mean',
    ...(input.head === 'fresh' && { head: 'fresh' as const }),
  };
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
  checkFractions(input);
  return {
    train: input.train,
    ...(input.validation !== undefined && { validation: input.validation }),
    ...(input.test !== undefined && { test: input.test }),
    ...stratified(input, task),
    ...(input.splitSeed !== undefined && { splitSeed: input.splitSeed }),
    columns: {
      ...(columns.text && { text: columns.text }),
      ...(columns.label !== undefined && { label: columns.label }),
      ...(columns.target !== undefined && { target: columns.target }),
    },
    maxLength: input.maxLength ?? DEFAULT_MAX_LENGTH,
    ...(task === 'text2text' && { maxTargetLength: input.maxTargetLength ?? DEFAULT_MAX_TARGET_LENGTH }),
    ...(input.fewShot !== undefined && { fewShot: input.fewShot }),
    limit: { ...input.limit },
    ...(input.encoding !== undefined &&
      input.encoding !== 'auto' && { encoding: encodingOf(input.encoding) ?? input.encoding }),
    ...(typeof input.header === 'boolean' && { header: input.header }),
    ...(input.missing === 'drop' && { missing: 'drop' as const }),
    ...(input.missingValues && { missingValues: [...input.missingValues] }),
    ...(input.invalidRows === 'skip' && { invalidRows: 'skip' as const }),
    ...(input.labels && { labels: { ...input.labels } }),
    ...weighted(input),
    ...(input.template !== undefined && { template: input.template }),
    ...(input.verbalizer && { verbalizer: { ...input.verbalizer } }),
  };
}

/** @throws StudioError `spec` where the fractions held out leave no rows to train on */
function checkFractions({ validation, test }: DataInput): void {
  if (typeof validation !== 'number' || typeof test !== 'number' || validation + test < 1) return;
  throw fieldError(
    'data.test',
    test,
    say`a fraction that leaves rows to train on: less than 1 together with ${field('data.validation')} (${validation})`,
  );
}

/** Weights that say something. */
function weighted({ classWeights }: DataInput): Pick<DataSpec, 'classWeights'> {
  if (classWeights === undefined || classWeights === 'none') return {};
  return { classWeights: classWeights === 'balanced' ? classWeights : { ...classWeights } };
}

/** Where rows are drawn from classes, alike from each unless that is not wanted. */
function stratified(
  { validation, test, stratify, verbalizer }: DataInput,
  task: Task,
): Pick<DataSpec, 'stratify'> {
  const classes = task === 'text2text' ? verbalizer !== undefined : task !== 'regression';
  const drawn = typeof validation === 'number' || typeof test === 'number';
  if (!classes || !drawn) return stratify === undefined ? {} : { stratify };
  return { stratify: stratify ?? true };
}

/** Are any rows drawn by a seed? */
export function drawsRows({
  validation,
  test,
  fewShot,
}: Pick<DataSpec, 'validation' | 'test' | 'fewShot'>): boolean {
  return typeof validation === 'number' || typeof test === 'number' || fewShot !== undefined;
}

/** How the spec's files are read. */
export function readingOf(data: Partial<DataSpec> | DataInput): ReadingChoices {
  const { encoding = 'auto', header = 'auto', invalidRows, missing, missingValues } = data;
  return {
    ...(encoding !== 'auto' && { encoding }),
    ...(header !== 'auto' && { header }),
    ...(invalidRows === 'skip' && { invalidRows }),
    ...(missing === 'drop' && { missing }),
    ...(missingValues !== undefined && { missingValues }),
  };
}
