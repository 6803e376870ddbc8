/** The metric that the form asks the methods to be judged by. */
import type { DataSummary } from '../../protocol/messages.ts';
import { metricTaskOf } from '../../runs/spec-texts.ts';
import { metricsFor, type MetricName } from '../../train/metrics/metrics.ts';

/** What a dataset asks of the form. */
export type Asks = Pick<DataSummary, 'task' | 'columns'> & Partial<Pick<DataSummary, 'files' | 'more'>>;

/** Those of the data's task, the usual one first; without data, those of a classification. */
export function judgingMetrics(asks: Asks | null): readonly MetricName[] {
  const { task = 'classification', columns, more } = asks ?? {};
  const classified = columns?.label !== undefined;
  // Where some tasks are classified and others written freely, the loss is what they share.
  if (task === 'text2text' && more !== undefined) return ['loss'];
  const { main, names } = metricsFor(metricTaskOf(task, classified ? {} : undefined));
  return [main, ...names.filter((name) => name !== main)];
}

/** The metric that a text of the form stands for; undefined for the usual one, and one that the task has not. */
export function askedMetric(text: string, asks: Asks): MetricName | undefined {
  return judgingMetrics(asks)
    .slice(1)
    .find((name) => name === text.trim());
}
