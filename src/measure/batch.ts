/** The batch every engine trains on: random ids, rows of different lengths, balanced labels. */
import type { Batch } from '../data/batch.ts';
import { PhiloxStream } from '../graph/philox.ts';

export interface BatchSize {
  batchSize: number;
  length: number;
}

/** Rows are between half and wholly filled, as batches of one bucket are; padding is id 0 with mask 0. */
export function benchBatch({ batchSize: size, length }: BatchSize, vocabulary: number): Batch {
  const stream = new PhiloxStream(11, 1);
  const ids = new Int32Array(size * length);
  const mask = new Int32Array(size * length);
  let tokens = 0;
  for (let row = 0; row < size; row++) {
    const filled = Math.max(1, Math.ceil(length / 2 + stream.uniform() * (length / 2)));
    for (let t = 0; t < filled; t++) {
      // The square makes low ids frequent, as words are.
      ids[row * length + t] = 1 + Math.floor(stream.uniform() ** 2 * (vocabulary - 1));
      mask[row * length + t] = 1;
    }
    tokens += filled;
  }
  return {
    size,
    length,
    rows: size,
    inputs: { input_ids: ids, attention_mask: mask, token_type_ids: new Int32Array(size * length) },
    labels: Int32Array.from({ length: size }, (_, row) => row % 2),
    weights: new Float32Array(size).fill(1),
    indices: Array.from({ length: size }, (_, row) => row),
    tokens,
  };
}
