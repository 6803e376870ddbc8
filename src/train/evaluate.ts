/** Metrics of a split with the weights as they are, and the logits behind them. */
import { evaluationBatches, type BatchShape } from '../data/batching/batcher.ts';
import type { EncodedDataset } from '../data/batching/encoded.ts';
import type { Instance } from './instance.ts';
import type { Evaluation, SharedStart } from './shared-start.ts';
import { MetricCollector, type LogitTask } from './metrics/metrics.ts';

/** Batches enqueued ahead of the logits read back. */
const IN_FLIGHT = 3;

/**
 * @param data rows with labels
 * @param outputs columns of the logits
 * @param start of a run before its first step: what others said at theirs
 */
export async function evaluate(
  instance: Pick<Instance, 'forward'>,
  data: EncodedDataset,
  shape: BatchShape,
  task: LogitTask,
  outputs: number,
  start?: SharedStart,
): Promise<Evaluation> {
  if (start !== undefined) {
    const [batch] = evaluationBatches(data, shape);
    const known = batch && start.find(data, batch.indices, await instance.forward(batch));
    if (known) return known;
  }
  const collector = new MetricCollector(task, data.labels, outputs);
  await forEachBatch(instance, data, shape, (indices, logits) => collector.add(indices, logits));
  const found = { metrics: collector.metrics(), logits: collector.predictions() };
  start?.add(data, found);
  return found;
}

/** Logits of every row, row-major [rows, outputs]; labels are not looked at. */
export async function predict(
  instance: Pick<Instance, 'forward'>,
  data: EncodedDataset,
  shape: BatchShape,
  outputs: number,
): Promise<Float64Array> {
  const all = new Float64Array(data.rows * outputs);
  await forEachBatch(instance, data, shape, (indices, logits) => {
    indices.forEach((row, i) => all.set(logits.subarray(i * outputs, (i + 1) * outputs), row * outputs));
  });
  return all;
}

async function forEachBatch(
  instance: Pick<Instance, 'forward'>,
  data: EncodedDataset,
  shape: BatchShape,
  take: (indices: readonly number[], logits: Float32Array) => void,
): Promise<void> {
  const pending: { indices: readonly number[]; logits: Promise<Float32Array> }[] = [];
  const settle = async () => {
    const { indices, logits } = pending.shift()!;
    take(indices, await logits);
  };
  for (const batch of evaluationBatches(data, shape)) {
    const logits = instance.forward(batch);
    logits.catch(() => {}); // Seen when its turn comes.
    pending.push({ indices: batch.indices, logits });
    if (pending.length > IN_FLIGHT) await settle();
  }
  while (pending.length > 0) await settle();
}

/** Softmax of one row of logits. */
export function probabilities(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const top = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
