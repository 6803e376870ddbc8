/** The runs of a comparison as outcomes to judge: from their specs, summaries and events, wherever these were kept. */
import { comparisonBaseline, runMethod, runName, type RunSpec } from '../runs/spec.ts';
import type { RunSummary } from '../runs/summary.ts';
import { lessIsBetter } from '../train/metrics/metrics.ts';
import type { AnswersEvent, EvaluateEvent, Reference, RunEvent } from '../train/events.ts';
import { metricTaskOf } from '../runs/spec-texts.ts';
import { judgedOn } from './compare.ts';
import { missedClasses } from './constant-answers.ts';
import type { MethodOutcome, Outcomes, RowAnswers, Split } from './outcome.ts';
import { mean } from './samples.ts';

export interface ComparedRun {
  /** `lora`, with several seeds `lora/seed-42`. */
  key: string;
  spec: RunSpec;
  summary: RunSummary;
  /** In their order. */
  events: readonly RunEvent[];
  /** Names of its classes; null where it has none. */
  classNames?: readonly string[] | null;
  /** The same of each task, of a run of several. */
  taskClasses?: readonly (readonly string[] | null)[];
  /** Of its adapter folder; null where it left none. */
  adapterBytes?: number | null;
  /** Predicted before it began. */
  forecastSeconds?: number | null;
}

/** A method's runs, one a seed, in the order of the comparison. */
export interface ComparedMethod {
  name: string;
  type: string;
  runs: readonly ComparedRun[];
}

export function methodsOf(runs: readonly ComparedRun[]): ComparedMethod[] {
  const methods = new Map<string, ComparedRun[]>();
  for (const run of runs) methods.set(runName(run), [...(methods.get(runName(run)) ?? []), run]);
  return [...methods].map(([name, own]) => ({ name, type: runMethod(own[0].spec), runs: own }));
}

/** Ends that leave weights to judge. */
const ENDED: readonly RunSummary['reason'][] = ['completed', 'earlyStopped', 'stopped'];

export interface Asked extends Pick<Outcomes, 'resamples' | 'goesOn'> {
  /** As the spec has it. */
  baseline?: string;
}

/** @throws StudioError('spec') for a baseline that is none of the methods */
export function outcomesOf(runs: readonly ComparedRun[], asked: Asked = {}): Outcomes {
  const { spec } = runs[0];
  const { metric, seed } = spec.training;
  const task = metricTaskOf(spec.model.task, spec.data.verbalizer);
  const classes = task === 'classification' || task === 'textClassification' ? classCount(runs) : undefined;
  const methods = methodsOf(runs).map((method) => outcomeOf(method, metric, classes !== undefined));
  const stopped = runs.every(({ summary }) => summary.reason === 'stopped');
  const outcomes: Outcomes = {
    metric,
    lowerIsBetter: lessIsBetter(metric),
    ...(classes !== undefined && { classes, ...(runs[0].classNames && { classNames: runs[0].classNames }) }),
    methods,
    ...(stopped && { stopped }),
    baseline: comparisonBaseline(asked, [...runs]),
    reference: {},
    seed: spec.data.splitSeed ?? seed,
    ...(asked.resamples !== undefined && { resamples: asked.resamples }),
    ...(asked.goesOn && { goesOn: asked.goesOn }),
  };
  return { ...outcomes, reference: referencesOf(runs, judgedOn(outcomes)) };
}

function outcomeOf({ name, type, runs }: ComparedMethod, metric: string, classifies: boolean): MethodOutcome {
  // One that was stopped before it was scored has nothing to judge, and does not keep the others from it.
  const came = runs.filter(({ summary }) => ENDED.includes(summary.reason));
  const scored = came.filter(({ summary }) => summary.scores !== undefined);
  const ended = scored.length > 0 ? scored : came;
  const seedsWhere = (wanted: (run: ComparedRun) => boolean): number[] =>
    runs.filter(wanted).map(({ spec }) => spec.training.seed);
  const answers = ended.map(({ events }) => answersOf(events)).filter((one) => one !== null);
  const whole = ended.length > 0 && answers.length === ended.length;
  const some = runs.find(({ summary }) => summary.memory !== undefined) ?? runs[0];
  return {
    name,
    type,
    seeds: ended.map(({ spec }) => spec.training.seed),
    lost: seedsWhere(({ summary }) => summary.reason === 'nonFinite'),
    failed: seedsWhere(({ summary }) => ['failed', 'deviceLost'].includes(summary.reason)),
    scores: scoresOf(ended, metric),
    improving: ended.map(({ events }) => stillImproves(events, metric)),
    ...(whole && { answers }),
    ...(whole && classifies && { oneClass: answers.map((one) => missedClasses(one).length > 0) }),
    trainableParameters: some.summary.trainableParameters,
    peakBytes: some.summary.memory?.allocated.total ?? some.summary.memory?.predicted.total ?? 0,
    seconds: ended.length === 0 ? 0 : mean(ended.map(({ summary }) => summary.seconds)),
  };
}

/** Of each set that all runs were scored on. */
function scoresOf(runs: readonly ComparedRun[], metric: string): MethodOutcome['scores'] {
  const scores: MethodOutcome['scores'] = {};
  for (const split of ['train', 'validation', 'test'] as const) {
    const values = runs.map(({ summary }) => summary.scores?.[split]?.[metric]);
    if (runs.length > 0 && values.every((value) => value !== undefined)) scores[split] = values.map(defined);
  }
  return scores;
}

/** What is not defined (the correlation of a constant) shows no relation. */
function defined(value: number | null): number {
  return value !== null && Number.isFinite(value) ? value : 0;
}

function answersOf(events: readonly RunEvent[]): RowAnswers | null {
  const found = events.findLast(
    (event): event is AnswersEvent => event.type === 'answers' && event.task === undefined,
  );
  if (found === undefined) return null;
  const numbers = (text: string): number[] => (text === '' ? [] : text.split(' ').map(Number));
  return { truth: numbers(found.truth), given: numbers(found.given) };
}

function classCount(runs: readonly ComparedRun[]): number {
  const highest = runs.flatMap(({ events }) => {
    const answers = answersOf(events);
    return answers === null ? [] : [...Array.from(answers.truth), ...Array.from(answers.given)];
  });
  return highest.reduce((most, one) => Math.max(most, one), 1) + 1;
}

/** A gain at the last evaluation that is more than noise: half a point, or of a loss two parts in a hundred. */
const GAIN = 0.005;
const LOSS_GAIN = 0.02;

/**
 * Was the last of at least three evaluations the best, by more than a little? Of a run that took all its steps.
 */
function stillImproves(events: readonly RunEvent[], metric: string): boolean {
  const end = events.findLast((event) => event.type === 'end');
  if (end?.reason !== 'completed') return false;
  const values = events
    .filter(
      (event): event is EvaluateEvent =>
        event.type === 'evaluate' && event.split === 'validation' && event.task === undefined,
    )
    .map(({ metrics }) => metrics[metric]);
  if (values.length < 3 || !values.every(Number.isFinite)) return false;
  const last = values[values.length - 1];
  const before = values.slice(0, -1);
  if (lessIsBetter(metric)) return last < Math.min(...before) * (1 - LOSS_GAIN);
  const most = metric === 'bleu' || metric === 'chrf' ? 100 : 1;
  // What is all but right has nothing left to gain.
  return last > Math.max(...before) + GAIN * most && last < (1 - GAIN) * most;
}

/** What takes no training scores on a set: the mean over runs, whose fresh heads differ with their seeds. */
export function referencesOf(runs: readonly ComparedRun[], split: Split | null): Reference {
  if (split === null || split === 'train') return {};
  const found = runs.flatMap(({ summary }) => summary.reference?.[split] ?? []);
  const meanOf = (name: keyof Reference): Reference => {
    const values = found.map((one) => one[name]).filter((value) => value !== undefined);
    return values.length === 0 ? {} : { [name]: mean(values) };
  };
  return { ...meanOf('largestClass'), ...meanOf('untuned') };
}

/** Bytes of the first adapter that a method left. */
export function adapterBytesOf({ runs }: ComparedMethod): number | null {
  return runs.find(({ adapterBytes }) => typeof adapterBytes === 'number')?.adapterBytes ?? null;
}

/** What one run was predicted to take. */
export function forecastOf({ runs }: ComparedMethod): number | null {
  const known = runs.map(({ forecastSeconds }) => forecastSeconds).filter((one) => typeof one === 'number');
  return known.length === 0 ? null : mean(known);
}
