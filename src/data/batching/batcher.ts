/** Batches ready for the device, for training and for evaluation. */
import type { Batch } from '../batch.ts';
import { bucketOf, bucketsUpTo } from './buckets.ts';
import { lengthOf, type EncodedDataset } from './encoded.ts';
import { BatchOrder } from './order.ts';

export interface BatchShape {
  /** Rows of the compiled shape. */
  batchSize: number;
  /** Names of the model's inputs that are wanted; others are not made. */
  inputs?: readonly string[];
  /** Token counts a batch may have, ascending; the last holds `maxLength`. Taken from it if left out. */
  buckets?: readonly number[];
}

const ALL_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'] as const;

/**
 * One batch from given rows, in the smallest bucket that holds them. Missing rows are copies of the
 * first with weight 0; tokens past a row's end are the padding id with mask 0 and segment 0.
 */
export function makeBatch(data: EncodedDataset, rows: readonly number[], shape: BatchShape): Batch {
  const size = shape.batchSize;
  if (rows.length < 1 || rows.length > size)
    throw new Error(`internal: ${rows.length} rows for a batch of ${size}`);
  const longest = Math.max(...rows.map((row) => lengthOf(data, row)));
  const length = bucketOf(longest, shape.buckets ?? bucketsUpTo(data.maxLength));

  const ids = new Int32Array(size * length).fill(data.padId);
  const mask = new Int32Array(size * length);
  const segments = new Int32Array(size * length);
  const labels = data.labels instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
  const weights = new Float32Array(size);
  let tokens = 0;
  for (let i = 0; i < size; i++) {
    const row = rows[i] ?? rows[0];
    const from = data.offsets[row];
    const end = data.offsets[row + 1];
    ids.set(data.ids.subarray(from, end), i * length);
    segments.set(data.typeIds.subarray(from, end), i * length);
    mask.fill(1, i * length, i * length + end - from);
    labels[i] = data.labels[row];
    if (i < rows.length) {
      weights[i] = 1;
      tokens += end - from;
    }
  }
  const made: Record<string, Int32Array> = { input_ids: ids, attention_mask: mask, token_type_ids: segments };
  const inputs: Record<string, Int32Array> = {};
  for (const name of shape.inputs ?? ALL_INPUTS) {
    if (!(name in made)) throw new Error(`internal: batches have no input named ${name}`);
    inputs[name] = made[name];
  }
  return { size, length, rows: rows.length, inputs, labels, weights, indices: [...rows], tokens };
}

export interface TrainingBatchOptions extends BatchShape {
  shuffle: boolean;
  seed: number;
  /** Micro-batches an optimizer step. */
  gradientAccumulation?: number;
}

/** The batches of a training run, by optimizer step: a pure function of the options and the step. */
export class TrainingBatches {
  readonly data: EncodedDataset;
  /** Optimizer steps that see the file once, rounded up. */
  readonly stepsPerEpoch: number;
  private readonly options: TrainingBatchOptions;
  private readonly order: BatchOrder;
  private readonly accumulation: number;
  private readonly buckets: readonly number[];

  constructor(data: EncodedDataset, options: TrainingBatchOptions) {
    this.data = data;
    this.options = options;
    this.accumulation = options.gradientAccumulation ?? 1;
    this.buckets = options.buckets ?? bucketsUpTo(data.maxLength);
    this.order = new BatchOrder({ ...options, rows: data.rows });
    this.stepsPerEpoch = Math.ceil(this.order.batchesPerEpoch / this.accumulation);
  }

  /** Micro-batches of optimizer step `step`, from 1. Accumulation runs on across an epoch's end. */
  step(step: number): Batch[] {
    const shape = { ...this.options, buckets: this.buckets };
    return this.rowsOfStep(step).map((rows) => makeBatch(this.data, rows, shape));
  }

  /** Row indices of each micro-batch of a step, from 1. */
  rowsOfStep(step: number): number[][] {
    const first = (step - 1) * this.accumulation;
    return Array.from({ length: this.accumulation }, (_, k) => this.order.rows(first + k));
  }

  /** Buckets that steps 1..`steps` use, ascending: the plans to compile. */
  lengths(steps: number): number[] {
    const used = new Set<number>();
    for (let step = 1; step <= steps && used.size < this.buckets.length; step++)
      for (const rows of this.rowsOfStep(step))
        used.add(bucketOf(Math.max(...rows.map((row) => lengthOf(this.data, row))), this.buckets));
    return [...used].sort((a, b) => a - b);
  }
}

/**
 * Rows grouped for evaluation: sorted by length (ties in file order), so that little is padding. A batch's
 * `indices` say which row each of its results belongs to.
 */
export function evaluationRows(data: EncodedDataset, batchSize: number): number[][] {
  const order = Array.from({ length: data.rows }, (_, row) => row).sort(
    (a, b) => lengthOf(data, a) - lengthOf(data, b) || a - b,
  );
  const groups: number[][] = [];
  for (let from = 0; from < order.length; from += batchSize) groups.push(order.slice(from, from + batchSize));
  return groups;
}

/** Every row once, shortest first, made as they are asked for. */
export function* evaluationBatches(data: EncodedDataset, shape: BatchShape): Generator<Batch, void> {
  const buckets = shape.buckets ?? bucketsUpTo(data.maxLength);
  for (const rows of evaluationRows(data, shape.batchSize))
    yield makeBatch(data, rows, { ...shape, buckets });
}

/** Buckets an evaluation uses, ascending. */
export function evaluationLengths(data: EncodedDataset, shape: BatchShape): number[] {
  const buckets = shape.buckets ?? bucketsUpTo(data.maxLength);
  const groups = evaluationRows(data, shape.batchSize);
  const used = groups.map((rows) => bucketOf(lengthOf(data, rows[rows.length - 1]), buckets));
  return [...new Set(used)].sort((a, b) => a - b);
}
