/** Metrics of text to text: the loss of the targets, label words ranked by likelihood, generated texts. */
import { evaluationBatches, type BatchShape } from '../data/batching/batcher.ts';
import type { EncodedDataset, EncodedTargets } from '../data/batching/encoded.ts';
import type { Tokenizer } from '../data/tokenizer/tokenizer.ts';
import type { Verbalizer } from '../data/dataset.ts';
import type { DeviceInstance } from './device-instance.ts';
import { computeMetrics } from './metrics/metrics.ts';
import { scoreTexts, type TextScores } from './metrics/text/score.ts';

type Losses = Pick<DeviceInstance, 'tokenLosses'>;

/** Generates the texts of some rows. */
export type Generate = (rows: readonly number[]) => Promise<string[]>;

export interface TextEvaluationOptions {
  /** Gives the classes their words; absent where targets are free. */
  verbalizer?: Verbalizer;
  tokenizer: Tokenizer;
  /** Rows from the first that texts are generated for; 0 for none. */
  rows: number;
  generate: Generate;
  /** Of the bootstrap. */
  seed: number;
}

export interface TextEvaluation extends TextScores {
  /** Texts written for the first rows, in their order. */
  texts: string[];
  /** Log-likelihood of every label's word, row-major [rows, labels]; empty where targets are free. */
  logits: Float64Array;
}

/** @param data rows with targets */
export async function evaluateTexts(
  instance: Losses,
  data: EncodedDataset,
  shape: BatchShape,
  options: TextEvaluationOptions,
): Promise<TextEvaluation> {
  const { dataset, labels } = data;
  const space = dataset.labelSpace;
  const metrics: Record<string, number> = {};
  let logits = new Float64Array(0);
  if (space && options.verbalizer) {
    const words = space.names.map((name) => options.verbalizer![name]);
    logits = await rankWords(instance, data, shape, options.tokenizer, words);
    Object.assign(metrics, computeMetrics('classification', logits, labels, space.names.length));
  }
  const { losses, tokens } = await rowLosses(instance, data, shape);
  metrics.loss = losses.reduce((sum, loss) => sum + loss, 0) / tokens;
  if (!space) metrics.perplexity = Math.exp(metrics.loss);
  const rows = Array.from({ length: Math.min(options.rows, data.rows) }, (_, row) => row);
  if (rows.length === 0) return { metrics, intervals: {}, texts: [], logits };
  const texts = await options.generate(rows);
  const scores = scoreTexts(
    texts,
    rows.map((row) => dataset.references![row]),
    options.seed,
  );
  const { exactMatch } = scores.metrics;
  if (space) return { metrics: { ...metrics, exactMatch }, intervals: {}, texts, logits };
  return { metrics: { ...metrics, ...scores.metrics }, intervals: scores.intervals, texts, logits };
}

/**
 * How likely each of some words is as the whole of every row's answer.
 * @param data rows with targets; which does not matter, but no word may be longer than the longest there was room for
 * @returns log-likelihoods, row-major [rows, words]
 */
export async function rankWords(
  instance: Losses,
  data: EncodedDataset,
  shape: BatchShape,
  tokenizer: Tokenizer,
  words: readonly string[],
): Promise<Float64Array<ArrayBuffer>> {
  const logits = new Float64Array(data.rows * words.length);
  for (const [c, word] of words.entries()) {
    const targets = repeated(data.targets!, data.rows, tokenizer, word);
    const { losses } = await rowLosses(instance, { ...data, targets }, shape);
    losses.forEach((loss, row) => (logits[row * words.length + c] = -loss));
  }
  return logits;
}

/** The same word as every row's target. */
function repeated(targets: EncodedTargets, rows: number, tokenizer: Tokenizer, word: string): EncodedTargets {
  const { ids } = tokenizer.encodeTarget(word, targets.maxLength);
  return {
    ...targets,
    ids: Int32Array.from({ length: rows * ids.length }, (_, i) => ids[i % ids.length]),
    offsets: Int32Array.from({ length: rows + 1 }, (_, row) => row * ids.length),
  };
}

/** Negative log-likelihood of every row's target, and how many tokens these have together. */
async function rowLosses(
  instance: Losses,
  data: EncodedDataset,
  shape: BatchShape,
): Promise<{ losses: Float64Array; tokens: number }> {
  const losses = new Float64Array(data.rows);
  let tokens = 0;
  for (const batch of evaluationBatches(data, shape)) {
    const values = await instance.tokenLosses(batch);
    const length = batch.targetLength!;
    batch.indices.forEach((row, i) => {
      for (let at = i * length; at < (i + 1) * length; at++) {
        losses[row] += batch.weights[at] * values[at];
        tokens += batch.weights[at];
      }
    });
  }
  return { losses, tokens };
}
