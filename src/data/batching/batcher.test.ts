import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dataset.ts';
import { TrainingBatches, evaluationBatches, evaluationLengths, makeBatch } from './batcher.ts';
import { bucketOf, bucketsUpTo, pairBuckets } from './buckets.ts';
import type { EncodedDataset } from './encoded.ts';

/** Rows of the given lengths; row r holds the ids 100·r + position, its second half in segment 1. */
function encoded(lengths: number[], maxLength = 64): EncodedDataset {
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, r) => (offsets[r + 1] = offsets[r] + length));
  const ids = lengths.flatMap((length, r) => Array.from({ length }, (_, i) => 100 * r + i + 1));
  const typeIds = lengths.flatMap((length) => Array.from({ length }, (_, i) => (i * 2 >= length ? 1 : 0)));
  const labels = Int32Array.from(lengths, (_, r) => r % 2);
  return {
    dataset: { labels } as unknown as Dataset,
    rows: lengths.length,
    ids: Int32Array.from(ids),
    typeIds: Uint8Array.from(typeIds),
    offsets,
    labels,
    targets: null,
    maxLength,
    truncated: 0,
    unknown: 0,
    leftOut: null,
    longest: Math.max(...lengths),
    padId: 9,
  };
}

describe('buckets', () => {
  it('end at maxLength', () => {
    expect(bucketsUpTo(64)).toEqual([16, 24, 32, 48, 64]);
    expect(bucketsUpTo(50)).toEqual([16, 24, 32, 48, 50]);
    expect(bucketsUpTo(8)).toEqual([8]);
    expect(bucketsUpTo(2000).slice(-3)).toEqual([512, 1024, 2000]);
  });

  it('are the smallest that hold', () => {
    expect([1, 16, 17, 64].map((length) => bucketOf(length, bucketsUpTo(64)))).toEqual([16, 16, 24, 64]);
  });
});

describe('pairBuckets', () => {
  it('are few, and cut to the longest text and target there are', () => {
    expect(pairBuckets(240, 30)).toEqual({ lengths: [64, 120, 240], targetLengths: [16, 32] });
    expect(pairBuckets(5, 3)).toEqual({ lengths: [8], targetLengths: [4] });
  });
});

/** Rows with targets of the given lengths; row r's target holds 50·r + position and ends in 1. */
function withTargets(lengths: number[], targetLengths: number[]): EncodedDataset {
  const { ids, offsets, longest } = encoded(targetLengths);
  for (const end of offsets.subarray(1)) ids[end - 1] = 1;
  const targets = { ids, offsets, startId: 0, maxLength: 16, truncated: 0, longest };
  return { ...encoded(lengths), targets };
}

describe('makeBatch with targets', () => {
  const data = withTargets([3, 5, 9], [2, 4, 3]);

  it('moves the targets to the right for the decoder, and weighs their real tokens', () => {
    const inputs = ['input_ids', 'attention_mask', 'decoder_input_ids'];
    const batch = makeBatch(data, [0, 1], { batchSize: 3, inputs });
    expect([batch.length, batch.targetLength, batch.rows, batch.tokens]).toEqual([8, 4, 2, 14]);
    expect([...batch.labels]).toEqual([1, 1, 9, 9, 101, 102, 103, 1, 1, 1, 9, 9]);
    expect([...batch.inputs.decoder_input_ids]).toEqual([0, 1, 9, 9, 0, 101, 102, 103, 0, 1, 9, 9]);
    expect([...batch.weights]).toEqual([1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0]);
    expect(Object.keys(batch.inputs)).toEqual(inputs);
  });

  it('takes the smallest pair of lengths, and says beforehand which there are', () => {
    const shape = { batchSize: 1, inputs: ['input_ids'] };
    const batches = [...evaluationBatches(data, shape)];
    const key = ({ length, targetLength }: { length: number; targetLength?: number }) => [
      length,
      targetLength,
    ];
    expect(batches.map(key)).toEqual([
      [8, 4],
      [8, 4],
      [16, 4],
    ]);
    expect(evaluationLengths(data, shape).map(key)).toEqual([
      [8, 4],
      [16, 4],
    ]);
    const training = new TrainingBatches(data, { ...shape, shuffle: false, seed: 1 });
    expect(training.lengths(2).map(key)).toEqual([[8, 4]]);
  });
});

describe('makeBatch', () => {
  it('pads tokens with the padding id, mask 0 and segment 0, and rows with the first at weight 0', () => {
    const batch = makeBatch(encoded([3, 5]), [1], { batchSize: 2, buckets: { lengths: [4, 8] } });
    expect([batch.size, batch.length, batch.rows, batch.tokens]).toEqual([2, 8, 1, 5]);
    const row = [101, 102, 103, 104, 105, 9, 9, 9];
    expect([...batch.inputs.input_ids]).toEqual([...row, ...row]);
    expect([...batch.inputs.attention_mask.subarray(0, 8)]).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    expect([...batch.inputs.token_type_ids.subarray(0, 8)]).toEqual([0, 0, 0, 1, 1, 0, 0, 0]);
    expect([...batch.weights]).toEqual([1, 0]);
    expect([...batch.labels]).toEqual([1, 1]);
    expect(batch.indices).toEqual([1]);
  });

  it('makes only the inputs the model has', () => {
    const batch = makeBatch(encoded([3]), [0], { batchSize: 1, inputs: ['input_ids', 'attention_mask'] });
    expect(Object.keys(batch.inputs)).toEqual(['input_ids', 'attention_mask']);
    expect(() => makeBatch(encoded([3]), [0], { batchSize: 1, inputs: ['pixels'] })).toThrow('internal:');
  });
});

describe('TrainingBatches', () => {
  const lengths = [3, 20, 7, 40, 16];

  it('follow file order without shuffle, each batch in its own bucket', () => {
    const batches = new TrainingBatches(encoded(lengths), { batchSize: 2, shuffle: false, seed: 1 });
    const steps = [1, 2, 3, 4].map((step) => batches.step(step)[0]);
    expect(steps.map(({ indices }) => indices)).toEqual([[0, 1], [2, 3], [4], [0, 1]]);
    expect(steps.map(({ length }) => length)).toEqual([24, 48, 16, 24]);
    expect(steps.map(({ rows }) => rows)).toEqual([2, 2, 1, 2]);
    expect(batches.stepsPerEpoch).toBe(3);
    expect(batches.lengths(1)).toEqual([{ length: 24 }]);
    expect(batches.lengths(99).map(({ length }) => length)).toEqual([16, 24, 48]);
  });

  it('give a step several micro-batches where gradients accumulate', () => {
    const options = { batchSize: 2, shuffle: false, seed: 1, gradientAccumulation: 2 };
    const batches = new TrainingBatches(encoded(lengths), options);
    expect(batches.step(1).map(({ indices }) => indices)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(batches.step(2).map(({ indices }) => indices)).toEqual([[4], [0, 1]]);
    expect(batches.stepsPerEpoch).toBe(2);
  });

  it('can begin at any step', () => {
    const options = { batchSize: 2, shuffle: true, seed: 11 };
    const walked = new TrainingBatches(encoded(lengths), options);
    const steps = Array.from({ length: 9 }, (_, i) => walked.step(i + 1));
    expect(new TrainingBatches(encoded(lengths), options).step(8)).toEqual(steps[7]);
  });
});

describe('evaluationBatches', () => {
  it('hold every row once, shortest first', () => {
    const data = encoded([30, 3, 20, 7, 40]);
    const batches = [...evaluationBatches(data, { batchSize: 2 })];
    expect(batches.map(({ indices }) => indices)).toEqual([[1, 3], [2, 0], [4]]);
    expect(batches.map(({ length }) => length)).toEqual([16, 32, 48]);
    expect(batches.map(({ size }) => size)).toEqual([2, 2, 2]);
    expect(evaluationLengths(data, { batchSize: 2 }).map(({ length }) => length)).toEqual([16, 32, 48]);
  });
});
