/**
 * Which rows make up which batch: a pure function of (seed, micro-batch number), so that a run resumed at
 * any step sees the batches it would have seen.
 */
import { PhiloxStream } from '../../graph/philox.ts';
import { SHUFFLE_STREAM } from '../streams.ts';

/** A Fisher–Yates permutation of 0..count−1. */
export function permutation(count: number, random: PhiloxStream): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const row = order[i];
    order[i] = order[j];
    order[j] = row;
  }
  return order;
}

export interface OrderOptions {
  rows: number;
  batchSize: number;
  /** A fresh permutation every epoch; file order otherwise. */
  shuffle: boolean;
  seed: number;
}

/**
 * Rows in order, cut into batches. The last batch of an epoch may be partial; the next epoch starts the
 * file (or a new permutation) again.
 */
export class BatchOrder {
  readonly batchesPerEpoch: number;
  private readonly options: OrderOptions;
  private epoch = -1;
  private order: Int32Array | null = null;

  constructor(options: OrderOptions) {
    if (!(options.rows > 0 && options.batchSize > 0)) throw new Error('internal: no rows or an empty batch');
    this.options = options;
    this.batchesPerEpoch = Math.ceil(options.rows / options.batchSize);
  }

  /** Row indices of micro-batch `index`, from 0 and without end. */
  rows(index: number): number[] {
    const { rows, batchSize } = this.options;
    const from = (index % this.batchesPerEpoch) * batchSize;
    const order = this.orderOf(Math.floor(index / this.batchesPerEpoch));
    const count = Math.min(batchSize, rows - from);
    return Array.from({ length: count }, (_, i) => (order ? order[from + i] : from + i));
  }

  /** The permutation of one epoch (the latest is kept), null for file order. */
  private orderOf(epoch: number): Int32Array | null {
    const { rows, seed, shuffle } = this.options;
    if (!shuffle) return null;
    if (epoch !== this.epoch) {
      this.order = permutation(rows, new PhiloxStream(seed, SHUFFLE_STREAM, epoch));
      this.epoch = epoch;
    }
    return this.order;
  }
}
