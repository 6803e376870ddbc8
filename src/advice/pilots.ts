/** Pilots on a device: short trainings of methods at rates, each scored once. */
import { sampleRows } from '../data/batching/sample-rows.ts';
import { defaultRateOf, type RateTraits } from '../deltas/default-rates.ts';
import { rateTraits } from '../deltas/model-traits.ts';
import { StudioError } from '../errors.ts';
import type { ComparisonRun, RunSpec } from '../runs/spec.ts';
import { stageRuns } from '../runs/spec.ts';
import { methodList } from '../runs/spec-method.ts';
import { evaluate } from '../train/evaluate.ts';
import { evaluateTexts } from '../train/evaluate-texts.ts';
import type { DeviceInstance } from '../train/device-instance.ts';
import { openInstance, type OpenRunOptions } from '../train/open-run.ts';
import { batchShape, runBatches } from '../train/prepare.ts';
import type { Prepared } from '../train/prepared.ts';
import { compileStages } from '../train/stages.ts';
import { argmaxRows } from '../train/metrics/classification.ts';
import { meanMetrics } from '../train/metrics/metrics.ts';
import { validationSets, type ScoredSet } from '../train/scored-sets.ts';
import { stepRate, stepSettings } from '../train/schedule.ts';
import { logitTask } from '../train/task.ts';
import type { Studio } from '../plan/studio.ts';
import type { CompiledStages } from './calibrate.ts';
import { timedSamples } from './forecast-runs.ts';
import { forecastSeconds } from './forecast-time.ts';
import type { Candidate } from './halving.ts';
import { workOfStages } from './work.ts';

/** Rows that a pilot is scored on at most. */
const SCORED_ROWS = 400;
/** Seconds of making a pilot ready, where it is not known. */
const READY = 0.5;

/** Around a method's default: the sweep's step is half a decade, as a rate a step off costs as much as a method. */
export const RATE_FACTORS = [1, 1 / 3, 3] as const;

export interface PilotRun extends Candidate {
  method: string;
  learningRate: number | null;
  spec: RunSpec;
  /** What a pilot of it holds on the device. */
  bytes: number;
}

/** What pilots train and are scored on: rows to validate on, no more than are needed to tell methods apart. */
export function preparedForPilots(prepared: Prepared, seed: number): Prepared {
  const { validation } = prepared;
  const sample = validation && sampleRows(validation, SCORED_ROWS, seed);
  return { ...prepared, validation: sample, test: null, trainSample: sampleRows(prepared.train, 1, seed) };
}

/**
 * The methods at their rates that fit, each with what a step of it takes: every method at its default first, the
 * light ones before the heavy.
 * @param most bytes that a run may hold
 */
export async function pilotRuns(
  studio: Studio,
  prepared: Prepared,
  runs: readonly ComparisonRun[],
  most: number,
  options: Pick<OpenRunOptions, 'openFolder'> = {},
): Promise<PilotRun[]> {
  const compiled = runs.map(scoredOnce).flatMap((run): CompiledStages[] => {
    try {
      const stages = compileStages(prepared, run.spec, studio.profile);
      return bytesOf(stages) <= most ? [{ run, compiled: stages }] : [];
    } catch (error) {
      // What cannot be trained here is no advice.
      if (error instanceof StudioError) return [];
      throw error;
    }
  });
  const samples = await timedSamples(studio, prepared, compiled, options);
  const traits = rateTraits(prepared.deltaModel);
  const timed = compiled.map((one) => {
    const work = workOfStages(prepared, one.run.spec, one.compiled).flat();
    const { steps } = stageRuns(one.run.spec)[0].training;
    const seconds = (kind: 'training' | 'evaluation') =>
      forecastSeconds(
        work.filter((part) => part.kind === kind),
        samples,
        studio.profile,
      ) ?? 0;
    // A run of `steps` steps with one evaluation before and one after it.
    return {
      ...one,
      secondsPerStep: seconds('training') / Math.max(1, steps),
      scoring: seconds('evaluation') / 2,
    };
  });
  timed.sort((a, b) => a.secondsPerStep - b.secondsPerStep);
  return RATE_FACTORS.flatMap((factor) =>
    timed.flatMap(({ run, compiled: stages, secondsPerStep, scoring }): PilotRun[] => {
      const spec = atRate(run.spec, factor, traits);
      if (spec === null) return [];
      const learningRate = stageRuns(spec)[0].training.optimizer.learningRate ?? null;
      const key = learningRate === null ? run.key : `${run.key} at ${learningRate}`;
      const beside = scoring + READY;
      return [
        {
          key,
          method: run.key,
          learningRate,
          spec,
          bytes: bytesOf(stages),
          secondsPerStep,
          secondsBeside: beside,
        },
      ];
    }),
  );
}

/** A run that is scored before its first step and after its last, so that what scoring takes can be told apart. */
function scoredOnce({ key, spec }: ComparisonRun): ComparisonRun {
  const { training } = spec;
  return { key, spec: { ...spec, training: { ...training, evaluateEvery: Math.max(1, training.steps) } } };
}

function bytesOf(stages: CompiledStages['compiled']): number {
  return Math.max(...stages.map(({ memory }) => memory.total));
}

/** A run at a factor of its default rate; null where that is the same again, for an optimizer with its own rates. */
function atRate(spec: RunSpec, factor: number, traits: RateTraits): RunSpec | null {
  const { optimizer } = spec.training;
  if (spec.stages !== undefined || optimizer.learningRate === undefined) return factor === 1 ? spec : null;
  // A rate that was given is tried as it is, and around itself.
  const base =
    optimizer.defaultFor === undefined
      ? optimizer.learningRate
      : defaultRateOf(methodList(spec.method!), traits);
  if (factor === 1) return spec;
  const learningRate = Number((base * factor).toPrecision(2));
  const { defaultFor: _, ...rest } = optimizer;
  return { ...spec, training: { ...spec.training, optimizer: { ...rest, learningRate } } };
}

/** What a pilot's rows are answered with: the metrics of it, and class or value by row where rows have one. */
interface Scored {
  metrics: Record<string, number>;
  answers: number[] | null;
}

/** A pilot's score, higher the better, and what is behind it. */
export interface PilotScore extends Scored {
  score: number;
}

/**
 * Trains one candidate for some steps, its schedule falling to their end, and scores it once.
 * @returns null where it diverged or the device has no room for it, 'stopped' where `goesOn` said no
 */
export async function trainPilot(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  steps: number,
  goesOn: () => boolean,
  { openFolder }: Pick<OpenRunOptions, 'openFolder'> = {},
): Promise<PilotScore | null | 'stopped'> {
  const [stage] = stageRuns(spec);
  const training = { ...stage.training, steps, evaluateEvery: steps };
  const pilot = { ...stage, training };
  let instance: DeviceInstance;
  try {
    ({ instance } = await openInstance(studio, prepared, spec, pilot, 0, { openFolder }));
  } catch (error) {
    if (error instanceof StudioError && error.code === 'device') return null;
    throw error;
  }
  try {
    const batches = runBatches(prepared, pilot);
    for (let step = 1; step <= steps; step++) {
      if (!goesOn()) return 'stopped';
      const settings = stepSettings(step, stepRate(step, training), training, batches.turn(step));
      const { loss } = await instance.step(batches.step(step), settings);
      if (!Number.isFinite(loss)) return null;
    }
    const scored = await scoreRows(instance, prepared, { ...spec, ...pilot });
    const { metrics } = scored;
    const { metric } = training;
    const value = metrics[metric];
    // The loss breaks ties, which few rows make many of; texts are not written for a pilot.
    if (metric === 'loss' || value === undefined) return { score: -metrics.loss, ...scored };
    return { score: value - Math.min(0.999, metrics.loss / 1000), ...scored };
  } finally {
    instance.destroy();
  }
}

/** On the validation rows; of several tasks the means over them, and no answers. */
async function scoreRows(instance: DeviceInstance, prepared: Prepared, spec: RunSpec): Promise<Scored> {
  const all: Scored[] = [];
  for (const set of validationSets(prepared, spec)) all.push(await scoreSet(instance, set));
  const [first, ...others] = all;
  return others.length === 0
    ? first
    : { metrics: meanMetrics(all.map(({ metrics }) => metrics)), answers: null };
}

async function scoreSet(instance: DeviceInstance, { prepared, spec, data }: ScoredSet): Promise<Scored> {
  const shape = batchShape(prepared, spec);
  if (spec.model.task === 'text2text') {
    const { verbalizer } = spec.data;
    const options = {
      verbalizer,
      tokenizer: prepared.tokenizer,
      rows: 0,
      seed: 0,
      generate: () => Promise.resolve([]),
    };
    const { metrics, logits } = await evaluateTexts(instance, data, shape, options);
    const classes = data.dataset.labelSpace?.names.length;
    return { metrics, answers: logits.length === 0 ? null : answersOf(logits, classes!) };
  }
  const task = logitTask(spec);
  const { metrics, logits } = await evaluate(instance, data, shape, task, prepared.outputs);
  return { metrics, answers: answersOf(logits, task === 'regression' ? 1 : prepared.outputs) };
}

/** The class of each row, or its value. @param logits row-major [rows, outputs] */
function answersOf(logits: Float64Array, outputs: number): number[] {
  return Array.from(outputs === 1 ? logits : argmaxRows(logits, outputs));
}
