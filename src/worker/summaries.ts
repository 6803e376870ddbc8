/** What the page is told about a loaded model and dataset. */
import { classCounts, type PreparedData } from '../data/dataset.ts';
import { countParameters, type Model } from '../models/model.ts';
import type { Columns, DataSummary, ReadAs, ModelSummary } from '../protocol/messages.ts';
import { StudioError } from '../errors.ts';
import type { Sentence } from '../sentence.ts';
import type { Task } from '../runs/spec.ts';
import { tokenizerOf } from '../train/prepare.ts';
import { tasksOf } from '../train/task.ts';
import type { Table } from '../data/table/table.ts';
import type { Tables } from './sources.ts';

/** First number under any of these keys of config.json; families name the same thing differently. */
function configNumber(config: Model['config'], ...keys: string[]): number | null {
  for (const key of keys) {
    const value = config[key];
    if (typeof value === 'number') return value;
  }
  return null;
}

export function summarizeModel(model: Model): ModelSummary {
  const { config, graph } = model;
  const type = config.model_type;
  return {
    source: model.source,
    name: model.source.replace(/^builtin:/, ''),
    architecture: typeof type === 'string' ? type : model.family,
    layers: configNumber(config, 'num_hidden_layers', 'n_layers', 'num_layers'),
    hiddenSize: configNumber(config, 'hidden_size', 'dim', 'd_model'),
    vocabularySize: configNumber(config, 'vocab_size'),
    parameters: countParameters(model),
    opset: graph.opset,
    maxPositions: configNumber(config, 'max_position_embeddings'),
    tasks: tasksOf(model),
    hasClassifier: model.task === 'classification' && model.head.length > 0,
    notes: [...model.notes],
    bytes: [...graph.initializers.values()].reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    problem: problemOf(model),
  };
}

/** A model without a tokenizer that we can make reads nothing: said when it is opened, not when it is to train. */
function problemOf(model: Model): Sentence | null {
  try {
    tokenizerOf(model);
    return null;
  } catch (error) {
    if (error instanceof StudioError) return error.sentence;
    throw error;
  }
}

/** Sums a dataset up. @param prepared null where its columns as they stand cannot be trained on */
export function summarizeData(
  tables: Tables,
  prepared: PreparedData | null,
  columns: Columns,
  task: Task,
): DataSummary {
  const { train, validation, test } = tables;
  const trainCounts = prepared === null ? [] : classCounts(prepared.train);
  const validationCounts = prepared?.validation ? classCounts(prepared.validation) : [];
  const read = [...train.notes, ...(validation?.notes ?? []), ...(test?.notes ?? [])];
  return {
    name: tables.name,
    files: { train: train.name, validation: validation?.name ?? null, ...(test && { test: test.name }) },
    fileRows: { train: train.rows, validation: validation?.rows ?? 0, ...(test && { test: test.rows }) },
    columnNames: [...train.columns],
    columns,
    task,
    rows: {
      train: prepared?.train.rows ?? train.rows,
      validation: prepared === null ? (validation?.rows ?? 0) : (prepared.validation?.rows ?? 0),
      ...(test && { test: prepared?.test?.rows ?? test.rows }),
    },
    validationCut: validation === null,
    classes: (prepared?.labelSpace?.names ?? []).map((label, i) => ({
      label,
      train: trainCounts[i],
      validation: validationCounts[i] ?? 0,
    })),
    labelSource: prepared?.labelSpace?.source ?? null,
    read: readAs(train),
    notes: prepared?.notes ?? [...new Set(read)],
  };
}

/** Rows looked through for a sample, and its characters. */
const SAMPLE_ROWS = 200;
const SAMPLE_LENGTH = 60;

function readAs(table: Table): ReadAs {
  const { encoding, separator, header, rows, columns } = table;
  const cells = Array.from({ length: Math.min(rows, SAMPLE_ROWS) }, (_, row) =>
    columns.map((_name, c) => table.column(c)[row]),
  ).flat();
  const sample = cells.find((cell) => /\P{ASCII}/u.test(cell)) ?? cells[0] ?? '';
  return { encoding, separator, header, sample: sample.slice(0, SAMPLE_LENGTH) };
}
