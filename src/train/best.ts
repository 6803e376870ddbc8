/** The best evaluation of a run, and when to give up waiting for a better one. */
import type { MetricName, TrainingSpec } from '../runs/spec-training.ts';
import { lessIsBetter } from './metrics/metrics.ts';
import type { EndEvent } from './events.ts';

export type Best = NonNullable<EndEvent['best']>;

/**
 * Early stopping follows Hugging Face's `EarlyStoppingCallback`: an evaluation counts as progress when it
 * beats the best so far by more than `minDelta`; after `patience` evaluations in a row that do not, stop.
 */
export class BestTracker {
  readonly metric: MetricName;
  best: Best | null = null;
  readonly #stopping: TrainingSpec['earlyStopping'];
  /** Evaluations in a row without progress. */
  stale = 0;

  constructor(metric: MetricName, stopping?: TrainingSpec['earlyStopping']) {
    this.metric = metric;
    this.#stopping = stopping;
  }

  /** Takes in an evaluation; true when it is the best so far (of equals, the first). */
  add(step: number, metrics: Readonly<Record<string, number>>): boolean {
    const value = metrics[this.metric];
    const gain = this.best === null ? Infinity : this.#gain(value, this.best.value);
    // A metric may be undefined (a correlation with a constant): then it is no better than anything.
    const better = Number.isFinite(value) && gain > 0;
    this.stale = better && gain > (this.#stopping?.minDelta ?? 0) ? 0 : this.stale + 1;
    if (better) this.best = { step, metric: this.metric, value };
    return better;
  }

  get exhausted(): boolean {
    return this.#stopping !== undefined && this.stale >= this.#stopping.patience;
  }

  #gain(value: number, best: number): number {
    return lessIsBetter(this.metric) ? best - value : value - best;
  }
}
