/** Batches ready for the device, for training and for evaluation. */
import { lengthsKey, type Batch, type BatchLengths } from '../batch.ts';
import { bucketOf, bucketsUpTo, pairBuckets, type Buckets } from './buckets.ts';
import { lengthOf, type EncodedDataset } from './encoded.ts';
import { BatchOrder } from './order.ts';

export interface BatchShape {
  /** Rows of the compiled shape. */
  batchSize: number;
  /** Names of the model's inputs that are wanted; others are not made. */
  inputs?: readonly string[];
  /** Token counts a batch may have, ascending; the last holds the longest row. Made from the rows if left out. */
  buckets?: Buckets;
  /** What a row of each class weighs in the loss; 1 if left out. */
  classWeights?: readonly number[];
  /** Which of several tasks the rows are of, where each has plans of its own. */
  task?: number;
}

const ALL_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'] as const;

/** The buckets of a data set's batches. */
export function bucketsOf(data: EncodedDataset): Buckets {
  if (data.targets) return pairBuckets(data.longest, data.targets.longest);
  return { lengths: bucketsUpTo(data.maxLength) };
}

/** The smallest buckets that hold the rows. */
function lengthsOf(data: EncodedDataset, rows: readonly number[], buckets: Buckets): BatchLengths {
  const longest = (of: Pick<EncodedDataset, 'offsets'>) => Math.max(...rows.map((row) => lengthOf(of, row)));
  const length = bucketOf(longest(data), buckets.lengths);
  if (!data.targets) return { length };
  return { length, targetLength: bucketOf(longest(data.targets), buckets.targetLengths!) };
}

/**
 * One batch from given rows, in the smallest bucket that holds them. Missing rows are copies of the
 * first with weight 0; tokens past a row's end are the padding id with mask 0 and segment 0.
 */
export function makeBatch(data: EncodedDataset, rows: readonly number[], shape: BatchShape): Batch {
  const size = shape.batchSize;
  if (rows.length < 1 || rows.length > size)
    throw new Error(`internal: ${rows.length} rows for a batch of ${size}`);
  const lengths = lengthsOf(data, rows, shape.buckets ?? bucketsOf(data));
  const { length } = lengths;

  const ids = new Int32Array(size * length).fill(data.padId);
  const mask = new Int32Array(size * length);
  const segments = new Int32Array(size * length);
  let tokens = 0;
  for (let i = 0; i < size; i++) {
    const row = rows[i] ?? rows[0];
    const from = data.offsets[row];
    const end = data.offsets[row + 1];
    ids.set(data.ids.subarray(from, end), i * length);
    segments.set(data.typeIds.subarray(from, end), i * length);
    mask.fill(1, i * length, i * length + end - from);
    if (i < rows.length) tokens += end - from;
  }
  const made: Record<string, Int32Array> = { input_ids: ids, attention_mask: mask, token_type_ids: segments };
  const answers = data.targets
    ? targetsOf(data, rows, size, lengths.targetLength!)
    : labelsOf(data, rows, size, shape.classWeights);
  if (answers.decoderIds) made.decoder_input_ids = answers.decoderIds;
  const inputs: Record<string, Int32Array> = {};
  for (const name of shape.inputs ?? ALL_INPUTS) {
    if (!(name in made)) throw new Error(`internal: batches have no input named ${name}`);
    inputs[name] = made[name];
  }
  return {
    size,
    ...lengths,
    rows: rows.length,
    ...(shape.task !== undefined && { task: shape.task }),
    inputs,
    labels: answers.labels,
    weights: answers.weights,
    indices: [...rows],
    tokens: tokens + (answers.tokens ?? 0),
  };
}

interface Answers {
  labels: Int32Array | Float32Array;
  weights: Float32Array;
  decoderIds?: Int32Array;
  /** Real target tokens. */
  tokens?: number;
}

function labelsOf(
  data: EncodedDataset,
  rows: readonly number[],
  size: number,
  classWeights: BatchShape['classWeights'],
): Answers {
  const labels = data.labels instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
  for (let i = 0; i < size; i++) labels[i] = data.labels[rows[i] ?? rows[0]];
  const weights = new Float32Array(size);
  for (let i = 0; i < rows.length; i++) weights[i] = classWeights?.[labels[i]] ?? 1;
  return { labels, weights };
}

/** Targets and the same moved one to the right behind the decoder's start token. [size, length] */
function targetsOf(
  { targets, padId }: EncodedDataset,
  rows: readonly number[],
  size: number,
  length: number,
): Answers {
  const { ids, offsets, startId } = targets!;
  const labels = new Int32Array(size * length).fill(padId);
  const decoderIds = new Int32Array(size * length).fill(padId);
  const weights = new Float32Array(size * length);
  let tokens = 0;
  for (let i = 0; i < size; i++) {
    const row = rows[i] ?? rows[0];
    const target = ids.subarray(offsets[row], offsets[row + 1]);
    labels.set(target, i * length);
    decoderIds[i * length] = startId;
    decoderIds.set(target.subarray(0, target.length - 1), i * length + 1);
    if (i >= rows.length) continue;
    weights.fill(1, i * length, i * length + target.length);
    tokens += target.length;
  }
  return { labels, weights, decoderIds, tokens };
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
  private readonly buckets: Buckets;

  constructor(data: EncodedDataset, options: TrainingBatchOptions) {
    this.data = data;
    this.options = options;
    this.accumulation = options.gradientAccumulation ?? 1;
    this.buckets = options.buckets ?? bucketsOf(data);
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

  /** Lengths of the batches of steps 1..`steps`, ascending: the plans to compile. */
  lengths(steps: number): BatchLengths[] {
    const { lengths, targetLengths } = this.buckets;
    const most = lengths.length * (targetLengths?.length ?? 1);
    const used = new LengthSet();
    for (let step = 1; step <= steps && used.size < most; step++)
      for (const rows of this.rowsOfStep(step)) used.add(lengthsOf(this.data, rows, this.buckets));
    return used.sorted();
  }
}

/**
 * Rows grouped for evaluation: sorted by length (ties in file order), so that little is padding. A batch's
 * `indices` say which row each of its results belongs to.
 */
export function evaluationRows(data: EncodedDataset, batchSize: number): number[][] {
  const target = (row: number) => (data.targets ? lengthOf(data.targets, row) : 0);
  const order = Array.from({ length: data.rows }, (_, row) => row).sort(
    (a, b) => lengthOf(data, a) - lengthOf(data, b) || target(a) - target(b) || a - b,
  );
  const groups: number[][] = [];
  for (let from = 0; from < order.length; from += batchSize) groups.push(order.slice(from, from + batchSize));
  return groups;
}

/** Every row once, shortest first, made as they are asked for. */
export function* evaluationBatches(data: EncodedDataset, shape: BatchShape): Generator<Batch, void> {
  const buckets = shape.buckets ?? bucketsOf(data);
  for (const rows of evaluationRows(data, shape.batchSize))
    yield makeBatch(data, rows, { ...shape, buckets });
}

/** Lengths of the batches of an evaluation, ascending. */
export function evaluationLengths(data: EncodedDataset, shape: BatchShape): BatchLengths[] {
  const buckets = shape.buckets ?? bucketsOf(data);
  const used = new LengthSet();
  for (const rows of evaluationRows(data, shape.batchSize)) used.add(lengthsOf(data, rows, buckets));
  return used.sorted();
}

/** Lengths, each once. */
class LengthSet {
  private readonly lengths = new Map<string, BatchLengths>();

  get size(): number {
    return this.lengths.size;
  }

  add(lengths: BatchLengths): void {
    this.lengths.set(lengthsKey(lengths), lengths);
  }

  sorted(): BatchLengths[] {
    return [...this.lengths.values()].sort(
      (a, b) => a.length - b.length || (a.targetLength ?? 0) - (b.targetLength ?? 0),
    );
  }
}
