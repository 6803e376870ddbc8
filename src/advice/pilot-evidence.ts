/**
 * What the rows that pilots were scored on can tell: the interval of the score, and whether the next candidate's lies
 * further from it than chance would put it. A pilot is trained once, so rows are the unit: McNemar's test of an
 * accuracy (of tests for methods trained once the one that keeps its level, Dietterich 1998), approximate
 * randomization of other metrics. The p is not corrected for the advised being the best of many: it flatters them.
 */
import { differencesTo, figureOf, type Difference } from '../evidence/compare.ts';
import { distanceWords, probabilityText, scoreText, signedDistance } from '../evidence/figures.ts';
import type { MethodOutcome, Outcomes } from '../evidence/outcome.ts';
import type { Interval } from '../evidence/samples.ts';
import { say, type Sentence, type SentenceValue } from '../sentence.ts';
import { pilotLearning, type PilotLearning } from './pilot-learning.ts';
import type { PilotRecord } from './pilot-record.ts';

/** How pilots were scored. */
export interface PilotScoring {
  metric: string;
  /** Of a classification. */
  classes?: number;
  /** Rows that each was scored on. */
  rows: number;
  /** What is right, by row; null where rows have no answers of their own. */
  truth: ArrayLike<number> | null;
  /** Of the resampling. */
  seed: number;
}

/** A difference with a p from this on is called noise. */
const LEVEL = 0.05;
/** Enough for an end of an interval to a point, in the time between two pilots. */
const RESAMPLES = 2000;
/** Differences that are none. */
const SAME = 1e-9;

/** The 95 % interval of a pilot's score over its rows; null where rows do not tell the metric. */
export function pilotInterval(pilot: PilotRecord, scoring: PilotScoring): Interval | null {
  const outcomes = outcomesOf([pilot], scoring);
  return figureOf(outcomes.methods[0], 'validation', outcomes)?.interval ?? null;
}

/**
 * What is to be said of a recommendation, beside which it is.
 * @param ranking every candidate's last pilot, the best first
 */
export function evidenceFor(
  chosen: PilotRecord,
  ranking: readonly PilotRecord[],
  scoring: PilotScoring,
): Sentence[] {
  const { rows, metric } = scoring;
  const interval = chosen.interval ?? pilotInterval(chosen, scoring);
  if (interval === null)
    return [
      say`It was scored on ${rows} validation rows, which do not tell a difference in ${metric} from noise; compare over several seeds before you rely on it.`,
    ];
  const [low, high] = interval.map((end) => scoreText(metric, end));
  const range = say`It was scored on ${rows} validation rows, which leave its ${metric} anywhere from ${low} to ${high} (95 % interval).`;
  return [range, besideNext(chosen, ranking, scoring)];
}

/** Did its rows show that it learned anything? Null where they cannot tell. */
export function learningOf(
  chosen: PilotRecord,
  ranking: readonly PilotRecord[],
  scoring: PilotScoring,
): PilotLearning | null {
  const interval = chosen.interval ?? pilotInterval(chosen, scoring);
  return interval && pilotLearning(chosen, ranking, outcomesOf([chosen], scoring), interval);
}

/** The chosen beside the best other that was trained for as long. */
function besideNext(chosen: PilotRecord, ranking: readonly PilotRecord[], scoring: PilotScoring): Sentence {
  const next = ranking.find(
    ({ key, round, steps, answers }) =>
      key !== chosen.key && round === chosen.round && steps === chosen.steps && (answers ?? null) !== null,
  );
  const found = next && differenceOf(next, chosen, scoring);
  if (!next || !found || found.p === null || found.interval === null)
    return say`No other candidate was trained for as long, so nothing tells how much better it is.`;
  const { metric } = scoring;
  const name = candidateName(next);
  const far = distanceWords(metric, found.difference);
  const [low, high] = found.interval.map((end) => signedDistance(metric, end));
  const p = probabilityText(found.p);
  if (found.p >= LEVEL) {
    if (Math.abs(found.difference) < SAME)
      return say`${name} scored the same (95 % interval of the difference ${low} to ${high}): so few rows cannot tell the two apart; compare them over several seeds before you rely on it.`;
    return found.difference < 0
      ? say`${name} scored ${far} less (95 % interval ${low} to ${high}, p ${p}): that is noise; compare the two over several seeds before you rely on it.`
      : say`${name} scored ${far} more (95 % interval ${low} to ${high}, p ${p}): that is noise; compare the two over several seeds before you rely on it.`;
  }
  return found.difference < 0
    ? say`${name} scored ${far} less (95 % interval ${low} to ${high}, p ${p}): more than the noise of the rows, but each was trained once; several seeds would make it sure.`
    : say`${name} scored ${far} more (95 % interval ${low} to ${high}, p ${p}): more than the noise of the rows, but each was trained once; several seeds would make it sure.`;
}

/** `lora at the rate 0.005` */
export function candidateName({ method, learningRate }: PilotRecord): SentenceValue {
  return learningRate === null ? method : say`${method} at the rate ${learningRate}`;
}

function differenceOf(one: PilotRecord, base: PilotRecord, scoring: PilotScoring): Difference | null {
  return differencesTo(outcomesOf([one, base], scoring), base.key, 'validation')[0];
}

function outcomesOf(pilots: readonly PilotRecord[], scoring: PilotScoring): Outcomes {
  const { metric, classes, seed } = scoring;
  return {
    metric,
    ...(classes !== undefined && { classes }),
    methods: pilots.map((pilot) => outcomeOf(pilot, scoring)),
    baseline: pilots[0].key,
    reference: {},
    seed,
    resamples: RESAMPLES,
  };
}

function outcomeOf(pilot: PilotRecord, { metric, truth }: PilotScoring): MethodOutcome {
  const { key, method, metrics, bytes, seconds } = pilot;
  const answers = pilot.answers ?? null;
  const known = truth !== null && answers !== null && answers.length === truth.length;
  return {
    name: key,
    type: method,
    seeds: [0],
    lost: [],
    scores: { validation: [metrics?.[metric] ?? NaN] },
    ...(known && { answers: [{ truth, given: answers }] }),
    trainableParameters: 0,
    peakBytes: bytes,
    seconds,
  };
}
