/** The dataset in the worker: read, given a meaning, looked through; rows on request. */
import { viewFirstBatch } from '../data/analysis/first-batch.ts';
import { examineSteps } from '../data/analysis/doctor.ts';
import { surveyLengths, surveyTargets } from '../data/analysis/lengths.ts';
import { findOverlap, findRepeats } from '../data/analysis/repeats.ts';
import { prepareData, type PreparedData, type Verbalizer } from '../data/dataset.ts';
import type { ReadingChoices } from '../data/reading.ts';
import { positionLimit } from '../data/tokenizer/positions.ts';
import type { KnownColumns } from '../question.ts';
import { StudioError } from '../errors.ts';
import type { Model } from '../models/model.ts';
import type { DataAnalysis, DataRequest, FileRow } from '../protocol/data.ts';
import type {
  Columns,
  DataProblem,
  DataSource,
  DataSummary,
  TableSource,
  TaskSource,
  TaskSummary,
} from '../protocol/messages.ts';
import { inputKey } from '../runs/storage/inputs.ts';
import { answersInWords } from '../protocol/columns.ts';
import type { Task } from '../runs/spec.ts';
import { heldOutShare } from '../data/held-out.ts';
import { modelLabels, tokenizerOf } from '../train/prepare.ts';
import { tasksOf } from '../train/task.ts';
import { anyReading, guessReading, type Reading } from './guess-reading.ts';
import type { Steps } from '../steps.ts';
import { readTables, type TableReader, type Tables } from './sources.ts';
import { summarizeData } from './summaries.ts';

/** Seed of the rows held out for the summary; a run's own seed cuts its own. */
const SUMMARY_SEED = 42;

export interface DataChoice {
  /** Guessed where null. */
  task: Task | null;
  columns: Columns | null;
  /** What was said of the columns that are guessed. */
  given?: KnownColumns;
  reading: ReadingChoices;
  /** What columns are guessed for; what the model can do where left out. */
  asked?: readonly Task[];
}

/**
 * Reads files and sums them up. Files that read but cannot be trained on as their columns stand come back
 * with the problem, so that columns can be corrected; files that do not read are refused.
 * @throws StudioError('data')
 */
export async function openData(
  source: DataSource,
  base: string,
  model: Model | null,
  choice: DataChoice,
  readFile?: TableReader,
): Promise<{ tables: Tables; summary: DataSummary }> {
  const tables = await readTables(source, base, choice.reading, readFile);
  return { tables, ...summed(tables, model, choice) };
}

function summed(tables: Tables, model: Model | null, choice: DataChoice): { summary: DataSummary } {
  const { reading } = choice;
  const { columns, task, problem: unguessed } = readingOf(tables, model, choice);
  let prepared: PreparedData | null = null;
  let problem = unguessed;
  if (problem === null) {
    try {
      prepared = prepareTables(tables, model, { columns, task, seed: SUMMARY_SEED, reading });
    } catch (error) {
      problem = problemOf(error);
    }
  }
  const summary = summarizeData(tables, prepared, columns, task);
  return { summary: { ...summary, problem, reading } };
}

/**
 * Further tasks, read as the first one is asked. Files that were read before are not read again.
 * @throws StudioError('data') as `openData`
 */
export async function openMore(
  sources: readonly TaskSource[],
  base: string,
  model: Model | null,
  task: Task,
  readFile: TableReader,
  known: TaskTables,
): Promise<{ tables: Tables[]; more: TaskSummary[] }> {
  const tables: Tables[] = [];
  const more: TaskSummary[] = [];
  for (const { name, source, columns, reading = {} } of sources) {
    const choice = { task: columns && task, columns, reading, asked: [task] };
    const read = await known.get(source, reading, () => readTables(source, base, reading, readFile));
    const { summary } = summed(read, model, choice);
    tables.push(read);
    more.push({ name, data: { ...summary, name } });
  }
  return { tables, more };
}

/** Tables of further tasks by what they were read from. */
export class TaskTables {
  #known = new Map<string, Tables>();
  #used = new Map<string, Tables>();

  async get(source: TableSource, reading: ReadingChoices, read: () => Promise<Tables>): Promise<Tables> {
    const key = inputKey('data', [source, reading]);
    const tables = this.#known.get(key) ?? (await read());
    this.#used.set(key, tables);
    return tables;
  }

  /** Lets go of those that were not asked for since the last time. */
  settle(): void {
    this.#known = this.#used;
    this.#used = new Map();
  }
}

/** Task and columns as chosen, else as guessed; where they cannot be told, any, and why. */
function readingOf(
  { train }: Tables,
  model: Model | null,
  { task, columns, given, asked }: DataChoice,
): Reading & { problem: DataProblem | null } {
  if (task !== null && columns !== null) return { task, columns, problem: null };
  const tasks = asked ?? (model === null ? [] : tasksOf(model));
  try {
    const guessed = guessReading(train, tasks, given);
    return { ...guessed, ...(asked && { task: asked[0] }), problem: null };
  } catch (error) {
    return { ...anyReading(train, tasks), ...(asked && { task: asked[0] }), problem: problemOf(error) };
  }
}

/** @throws whatever is no refusal of data */
function problemOf(error: unknown): DataProblem {
  if (error instanceof StudioError && error.code === 'data')
    return {
      message: error.sentence,
      rows: [...error.details],
      ...(error.question && { question: error.question }),
    };
  throw error;
}

interface Meaning extends Reading {
  seed: number;
  /** Held out where no file has them. */
  testShare?: number;
  reading: ReadingChoices;
  /** Words of the labels, once there is one for each. */
  verbalizer?: Verbalizer;
}

/** Labels are classes whether or not they have their words yet. */
function prepareTables(
  tables: Tables,
  model: Model | null,
  { columns, task, seed, testShare, reading, verbalizer }: Meaning,
): PreparedData {
  const worded = answersInWords({ task, columns });
  return prepareData(tables.train, tables.validation ?? heldOutShare(tables.train.rows), {
    columns,
    test: tables.test ?? testShare,
    task: worded && verbalizer === undefined ? 'classification' : task,
    seed,
    reading,
    ...(worded && { verbalizer }),
    // Whether the model's classifier is kept is asked of the run.
    ...(model !== null && !worded && { model: { ...modelLabels(model), fresh: true } }),
  });
}

/** Characters of a cell that a preview shows. */
const CELL = 400;

/** Rows of a file as they stand there. Held-out rows stand in the training file. */
export function fileRows(tables: Tables, request: Extract<DataRequest, { type: 'dataRows' }>): FileRow[] {
  const table = request.part === 'train' ? tables.train : tables[request.part];
  if (table === null) return [];
  const end = Math.min(table.rows, request.from + request.count);
  const rows: FileRow[] = [];
  for (let row = request.from; row < end; row++) {
    const cells = table.columns.map((_, c) => {
      const cell = table.column(c)[row];
      return cell.length > CELL ? `${cell.slice(0, CELL)}…` : cell;
    });
    rows.push({ line: table.lineOf(row), cells });
  }
  return rows;
}

/**
 * A look at every row, a step each: lengths, the first batch, repetitions.
 * @throws StudioError as `prepareData`
 */
export function* analyseData(
  tables: Tables,
  model: Model | null,
  request: Extract<DataRequest, { type: 'analyseData' }>,
): Steps<DataAnalysis> {
  const { seed, maxLength, maxTargetLength, batchSize, template } = request;
  const { train, validation, test } = prepareTables(tables, model, request);
  const tokenizer = model === null ? null : tokenizerOf(model);
  const mostPositions = model === null ? Infinity : positionLimit(model.config);
  const lengths = tokenizer && (yield* surveyLengths(train, tokenizer, template));
  const examined = { train, validation, test, tokenizer, lengths, maxLength, mostPositions, template };
  return {
    rows: {
      train: train.rows,
      validation: validation?.rows ?? 0,
      ...(test && { test: test.rows }),
    },
    findings: yield* examineSteps(examined),
    tokens: tokenizer && {
      train: lengths!,
      validation: validation && (yield* surveyLengths(validation, tokenizer, template)),
      targets: yield* surveyTargets(train, tokenizer),
      batch: viewFirstBatch(train, tokenizer, { maxLength, maxTargetLength, batchSize, seed, template }),
    },
    repeats: yield* findRepeats(train),
    overlap: validation && (yield* findOverlap(train, validation)),
    heldOut: tables.validation === null,
  };
}
