/** A run in numbers: what run records, tables and reports show, folded from the run's events. */
import { type Sentence } from '../sentence.ts';
import type { MemoryBytes } from '../plan/plan.ts';
import type { EndEvent, EvaluateEvent, ReferenceEvent, RunEvent, Split } from '../train/events.ts';

export interface Evaluated {
  step: number;
  metrics: Record<string, number>;
}

/** Metrics of the sets that were scored. */
export type SplitScores = Partial<Record<Split, Record<string, number>>>;

export interface RunSummary {
  reason: EndEvent['reason'];
  message?: string;
  sentence?: Sentence;
  /** Steps whose loss is known. */
  steps: number;
  trainableParameters: number;
  totalParameters: number;
  /** Stages that have ended, of a run in stages. */
  stages?: { stage: number; reason: EndEvent['reason']; step: number; best: EndEvent['best'] }[];
  /** Evaluation at step 0, at the best step and at the last; absent where there was none. */
  initial?: Evaluated;
  best?: Evaluated & { metric: string; value: number };
  last?: Evaluated;
  /** What takes no training scores by the run's metric, of a comparison. */
  reference?: ReferenceEvent['scores'];
  /** Metrics with the weights that were kept, of each set that those were scored on. */
  scores?: SplitScores;
  /** The same of each task, of a run of several; what stands above are the means over them. */
  tasks?: { name: string; scores: SplitScores; reference?: ReferenceEvent['scores'] }[];
  firstLoss: number | null;
  lastLoss: number | null;
  /** Time that was this run's own: steps, evaluations, reading back. */
  seconds: number;
  /** Median over steps. */
  millisecondsPerStep: number | null;
  /** Real tokens trained on, and a second of step time. */
  tokens: number;
  tokensPerSecond: number | null;
  memory?: { predicted: MemoryBytes; allocated: MemoryBytes };
}

/** The median; null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Folds a run's events, in their order. */
export function summarize(events: readonly RunEvent[]): RunSummary {
  const summary: RunSummary = {
    reason: 'failed',
    steps: 0,
    trainableParameters: 0,
    totalParameters: 0,
    firstLoss: null,
    lastLoss: null,
    seconds: 0,
    millisecondsPerStep: null,
    tokens: 0,
    tokensPerSecond: null,
  };
  const milliseconds: number[] = [];
  const evaluations = new Map<number, Evaluated>();
  const tasks = new TaskScores();
  let references: NonNullable<ReferenceEvent['tasks']> = [];
  /** Step of the weights that were kept, where they were scored. */
  let final: number | null = null;
  for (const event of events) {
    switch (event.type) {
      case 'start':
        summary.trainableParameters = event.trainableParameters;
        summary.totalParameters = event.totalParameters;
        break;
      case 'memory':
        summary.memory = { predicted: event.predicted, allocated: event.allocated };
        break;
      case 'step':
        summary.steps = event.step;
        summary.firstLoss ??= event.loss;
        summary.lastLoss = event.loss;
        summary.tokens += event.tokens;
        milliseconds.push(event.milliseconds);
        break;
      case 'evaluate': {
        if (event.task !== undefined) {
          tasks.add(event.task, event);
          break;
        }
        const evaluated = { step: event.step, metrics: event.metrics };
        if (event.split !== 'validation') {
          (summary.scores ??= {})[event.split] = event.metrics;
          final = event.step;
          break;
        }
        evaluations.set(event.step, evaluated);
        if (event.step === 0) summary.initial = evaluated;
        summary.last = evaluated;
        break;
      }
      case 'reference':
        summary.reference = event.scores;
        references = event.tasks ?? [];
        break;
      case 'answers':
        break;
      case 'stage': {
        const { stage, reason, step, best } = event;
        (summary.stages ??= []).push({ stage, reason, step, best });
        break;
      }
      case 'end': {
        if (event.stage !== undefined) {
          const { stage, reason, step = 0, best } = event;
          (summary.stages ??= []).push({ stage, reason, step, best });
        }
        summary.reason = event.reason;
        summary.seconds = event.seconds;
        if (event.message !== undefined) summary.message = event.message;
        if (event.sentence !== undefined) summary.sentence = event.sentence;
        const found = event.best && evaluations.get(event.best.step);
        if (event.best && found) {
          const { metric, value } = event.best;
          summary.best = { ...found, metric, value };
        }
        const kept = isUnscored(event.best?.step, final, summary, evaluations)
          ? undefined
          : (evaluations.get(final ?? event.best?.step ?? -1) ?? summary.last);
        if (kept !== undefined) (summary.scores ??= {}).validation = kept.metrics;
        const each = tasks.at(kept?.step).map((task) => {
          const reference = references.find(({ name }) => name === task.name)?.scores;
          return { ...task, ...(reference && { reference }) };
        });
        if (each.length > 0) summary.tasks = each;
      }
    }
  }
  const total = milliseconds.reduce((sum, value) => sum + value, 0);
  summary.millisecondsPerStep = median(milliseconds);
  summary.tokensPerSecond = total > 0 ? (summary.tokens * 1000) / total : null;
  return summary;
}

/** Was the last scoring given up before any but the untuned model was scored? What is kept then, is what was trained. */
function isUnscored(
  best: number | undefined,
  final: number | null,
  { steps }: RunSummary,
  evaluations: ReadonlyMap<number, Evaluated>,
): boolean {
  return final === null && best === 0 && steps > 0 && !evaluations.has(steps);
}

/** What the tasks of a run scored. */
export class TaskScores {
  readonly #known = new Map<string, { last: SplitScores; validation: Map<number, Record<string, number>> }>();

  add(task: string, { split, step, metrics }: EvaluateEvent): void {
    const known = this.#known.get(task) ?? {
      last: {},
      validation: new Map<number, Record<string, number>>(),
    };
    this.#known.set(task, known);
    known.last[split] = metrics;
    if (split === 'validation') known.validation.set(step, metrics);
  }

  /** With the weights of a step, where they were evaluated then; in the order of the tasks. */
  at(step: number | undefined): { name: string; scores: SplitScores }[] {
    return [...this.#known].map(([name, { last, validation }]) => {
      const kept = step === undefined ? undefined : validation.get(step);
      return { name, scores: { ...last, ...(kept && { validation: kept }) } };
    });
  }
}
