/** What takes no training scores: always answering the same, and the model as it came. */
import type { EncodedDataset } from '../data/batching/encoded.ts';
import { StudioError } from '../errors.ts';
import type { Studio } from '../plan/studio.ts';
import type { RunSpec } from '../runs/spec.ts';
import { taskView } from '../runs/spec-tasks.ts';
import { evaluate } from './evaluate.ts';
import { evaluateTexts } from './evaluate-texts.ts';
import type { ReferenceEvent } from './events.ts';
import { computeMetrics, isGenerated, meanMetrics, type MetricName } from './metrics/metrics.ts';
import type { Prepared } from './prepared.ts';
import { evaluates } from './scored-sets.ts';
import { logitTask, metricTask } from './task.ts';
import type { SharedStart } from './shared-start.ts';
import { openUntuned, untunedTexts } from './untuned.ts';

/** Is some of the model drawn by the seed, so that it starts as another with each? */
export function startsAnew({ base, model }: Pick<Prepared, 'base' | 'model'>): boolean {
  return model.head.some((name) => model.graph.initializers.get(name) !== base.graph.initializers.get(name));
}

/**
 * By the run's metric, on the sets that are held out.
 * @param prepared with the head of the run's seed
 * @param start is told what the untuned model says of all rows
 * @param stopped nobody waits for it any more
 * @returns null when it was stopped
 */
export async function referenceScores(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  start?: SharedStart,
  stopped: () => boolean = () => false,
): Promise<Pick<ReferenceEvent, 'scores' | 'tasks'> | null> {
  if (prepared.tasks !== undefined) return meanReferences(studio, prepared, spec, start, stopped);
  const { validation, test } = prepared;
  const scores: ReferenceEvent['scores'] = {};
  const sets = { validation: evaluates(prepared, spec) ? validation : null, test };
  for (const split of ['validation', 'test'] as const) {
    const data = sets[split];
    if (data === null) continue;
    const largestClass = constantScore(prepared.train, data, spec);
    const untuned = await untunedScore(studio, prepared, spec, data, { start, stopped });
    if (stopped()) return null;
    scores[split] = {
      ...(largestClass !== null && { largestClass }),
      ...(untuned !== null && { untuned }),
    };
  }
  return { scores };
}

/** Of several tasks each one's, and the means over them where each has one. */
async function meanReferences(
  studio: Studio,
  { tasks = [] }: Prepared,
  spec: RunSpec,
  start: SharedStart | undefined,
  stopped: () => boolean,
): Promise<Pick<ReferenceEvent, 'scores' | 'tasks'> | null> {
  const all: { name: string; scores: ReferenceEvent['scores'] }[] = [];
  for (const [i, { name, prepared }] of tasks.entries()) {
    const own = await referenceScores(studio, prepared, taskView(spec, i), start, stopped);
    if (own === null) return null;
    all.push({ name, scores: own.scores });
  }
  const scores: ReferenceEvent['scores'] = {};
  for (const split of ['validation', 'test'] as const) {
    const found = all.map((own) => own.scores[split]).filter((own) => own !== undefined);
    if (found.length > 0) scores[split] = meanMetrics(found as Record<string, number>[]);
  }
  return { scores, tasks: all };
}

/**
 * What always answering the largest class of the training set, or its mean, scores; of a loss, what its shares do.
 * @returns null where nothing can be answered so
 */
export function constantScore(
  train: Pick<EncodedDataset, 'labels' | 'rows' | 'dataset'>,
  data: Pick<EncodedDataset, 'labels' | 'rows'>,
  spec: Pick<RunSpec, 'model' | 'data' | 'training'>,
): number | null {
  const { metric } = spec.training;
  const task = metricTask(spec);
  if (task === 'regression') {
    const mean = Array.from(train.labels).reduce((sum, label) => sum + label, 0) / train.rows;
    // What is constant correlates with nothing.
    if (metric !== 'loss') return 0;
    return computeMetrics('regression', new Float64Array(data.rows).fill(mean), data.labels, 1).loss;
  }
  const classes = train.dataset.labelSpace?.names.length ?? 0;
  if (classes === 0 || isGenerated(metric) || (task !== 'classification' && metric === 'loss')) return null;
  const counts = new Float64Array(classes);
  for (const label of train.labels) counts[label]++;
  const logits = Float64Array.from({ length: data.rows * classes }, (_, i) =>
    Math.log(counts[i % classes] / train.rows),
  );
  return finite(computeMetrics('classification', logits, data.labels, classes), metric);
}

/** Null where the untuned model does not run here, or its score is no number. */
async function untunedScore(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  data: EncodedDataset,
  { start, stopped }: { start: SharedStart | undefined; stopped: () => boolean },
): Promise<number | null> {
  const { metric, seed } = spec.training;
  try {
    const { instance, shape, outputs } = await openUntuned(studio, prepared, spec, data);
    try {
      if (spec.model.task !== 'text2text') {
        const forward: typeof instance.forward = (batch) => {
          if (stopped()) throw new Unwanted();
          return instance.forward(batch);
        };
        const found = await evaluate({ forward }, data, shape, logitTask(spec), outputs);
        start?.add(data, found);
        return finite(found.metrics, metric);
      }
      const generator = untunedTexts(studio, prepared, spec, data);
      try {
        const { metrics } = await evaluateTexts(instance, data, shape, {
          verbalizer: spec.data.verbalizer,
          tokenizer: prepared.tokenizer,
          rows: isGenerated(metric) ? data.rows : 0,
          generate: (rows) => generator.generate(rows),
          seed,
        });
        return finite(metrics, metric);
      } finally {
        generator.destroy();
      }
    } finally {
      instance.destroy();
    }
  } catch (error) {
    if (error instanceof StudioError || error instanceof Unwanted) return null;
    throw error;
  }
}

/** Thrown where nobody waits for a score any more. */
class Unwanted extends Error {
  declare protected readonly nominal: true;
}

function finite(metrics: Readonly<Record<string, number>>, metric: MetricName): number | null {
  const value = metrics[metric];
  return Number.isFinite(value) ? value : null;
}
