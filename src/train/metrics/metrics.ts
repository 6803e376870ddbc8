/** Which metrics a task has, and their values from a whole evaluation. */
import { accuracy, argmaxRows, f1, matthews } from './classification.ts';
import { pearson, spearman } from './correlation.ts';
import { crossEntropy, meanSquared } from './loss.ts';

/** What is measured: `textClassification` is a classification whose answer is a label's word. */
export type MetricTask = 'classification' | 'regression' | 'text2text' | 'textClassification';
export type MetricName =
  | 'accuracy'
  | 'f1'
  | 'matthews'
  | 'pearson'
  | 'spearman'
  | 'loss'
  | 'perplexity'
  | 'exactMatch'
  | 'tokenF1'
  | 'rouge1'
  | 'rouge2'
  | 'rougeL'
  | 'bleu'
  | 'chrf';

export interface MetricSet {
  /** In the order to show them. */
  names: readonly MetricName[];
  /** The one that decides the best step unless another is named. */
  main: MetricName;
  /** Those made from generated texts. */
  generated: readonly MetricName[];
}

const TEXT_METRICS = ['exactMatch', 'tokenF1', 'rouge1', 'rouge2', 'rougeL', 'bleu', 'chrf'] as const;

const METRICS: Record<MetricTask, MetricSet> = {
  classification: { names: ['accuracy', 'f1', 'matthews', 'loss'], main: 'accuracy', generated: [] },
  regression: { names: ['pearson', 'spearman', 'loss'], main: 'pearson', generated: [] },
  // The loss is of all rows, whereas texts are generated for some of them while training.
  text2text: { names: ['loss', 'perplexity', ...TEXT_METRICS], main: 'loss', generated: TEXT_METRICS },
  textClassification: {
    names: ['accuracy', 'f1', 'matthews', 'loss', 'exactMatch'],
    main: 'accuracy',
    generated: ['exactMatch'],
  },
};

export function metricsFor(task: MetricTask): MetricSet {
  return METRICS[task];
}

/** Is it made from generated texts? */
export function isGenerated(metric: MetricName): boolean {
  return (TEXT_METRICS as readonly string[]).includes(metric);
}

/** Of a loss, and of what is made of one, less is better. */
export function lessIsBetter(metric: string): boolean {
  return metric === 'loss' || metric === 'perplexity';
}

/** Whether `a` is better than `b`: less loss, more of everything else. */
export function isBetter(metric: MetricName, a: number, b: number): boolean {
  return lessIsBetter(metric) ? a < b : a > b;
}

/** Tasks that are measured by the logits of a row. */
export type LogitTask = 'classification' | 'regression';

/**
 * All metrics of a task over a split.
 * @param logits row-major [rows, outputs], padding rows left out
 * @param labels class indices, or targets [rows]
 * @param outputs classes; 1 for a regression
 */
export function computeMetrics(
  task: LogitTask,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  outputs: number,
): Record<string, number> {
  if (labels.length === 0 || logits.length !== labels.length * outputs)
    throw new Error(`internal: ${logits.length} logits for ${labels.length} rows of ${outputs}`);
  if (task === 'regression')
    return {
      pearson: pearson(logits, labels),
      spearman: spearman(logits, labels),
      loss: meanSquared(logits, labels),
    };
  const predicted = argmaxRows(logits, outputs);
  return {
    accuracy: accuracy(predicted, labels),
    f1: f1(predicted, labels, outputs),
    matthews: matthews(predicted, labels, outputs),
    loss: crossEntropy(logits, labels, outputs),
  };
}

/** Collects logits of batches in any order and yields the metrics of the whole split. */
export class MetricCollector {
  private readonly task: LogitTask;
  private readonly outputs: number;
  private readonly labels: ArrayLike<number>;
  private readonly logits: Float64Array;
  private collected = 0;

  /** @param labels of every row of the split, by row index */
  constructor(task: LogitTask, labels: ArrayLike<number>, outputs: number) {
    this.task = task;
    this.labels = labels;
    this.outputs = outputs;
    this.logits = new Float64Array(labels.length * outputs);
  }

  /**
   * @param indices row index of each real row of the batch
   * @param logits row-major [size, outputs]; rows past `indices` are padding and ignored
   */
  add(indices: readonly number[], logits: ArrayLike<number>): void {
    indices.forEach((row, i) => {
      for (let c = 0; c < this.outputs; c++)
        this.logits[row * this.outputs + c] = logits[i * this.outputs + c];
    });
    this.collected += indices.length;
  }

  /** @throws if a row is missing */
  metrics(): Record<string, number> {
    if (this.collected !== this.labels.length)
      throw new Error(`internal: ${this.collected} of ${this.labels.length} rows were evaluated`);
    return computeMetrics(this.task, this.logits, this.labels, this.outputs);
  }

  /** Logits by row index, row-major [rows, outputs]. */
  predictions(): Float64Array {
    return this.logits;
  }
}

/** The mean of each metric that all have, over several tasks; undefined in one is undefined in the mean. */
export function meanMetrics(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const [first, ...others] = all;
  const shared = Object.keys(first).filter((name) => others.every((one) => name in one));
  return Object.fromEntries(
    shared.map((name) => [name, all.reduce((sum, one) => sum + one[name], 0) / all.length]),
  );
}
