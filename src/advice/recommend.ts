/** What pilots come to: a spec of one run, and the evidence for it. */
import { inPoints, probabilityText, scoreText } from '../evidence/figures.ts';
import type { RunSpec } from '../runs/spec.ts';
import { english, say, type Sentence } from '../sentence.ts';
import { candidateName, evidenceFor, learningOf, type PilotScoring } from './pilot-evidence.ts';
import type { PilotLearning } from './pilot-learning.ts';
import type { PilotRecord } from './pilot-record.ts';

/** Scores that pilots of so few rows and steps cannot tell apart. */
const ALIKE = 0.01;

/**
 * The pilot to go by: of those that came furthest the best, or one that scores as well and holds less.
 * @param ranking the best first
 * @returns null where none was scored
 */
export function choose(ranking: readonly PilotRecord[]): PilotRecord | null {
  const [best] = ranking;
  if (best === undefined || best.score === null) return null;
  const last = ranking.filter(({ round, score }) => round === best.round && score !== null);
  const alike = last.filter(({ score }) => best.score! - score! < ALIKE);
  return alike.reduce((least, one) => (one.bytes < least.bytes * 0.8 ? one : least), best);
}

/**
 * The spec to train, from the run that a pilot was of.
 * @param trained as the spec asked for it
 * @param reasons why it is this one, which the spec carries along
 */
export function recommendedSpec(
  pilot: RunSpec,
  trained: Pick<RunSpec['training'], 'evaluateEvery' | 'keepBest'>,
  reasons: readonly Sentence[],
): RunSpec {
  const { evaluateEvery, keepBest } = trained;
  const { version, name: _, notes = [], ...rest } = pilot;
  return {
    version,
    name: 'recommended',
    notes: [...notes, ...reasons.map(english)],
    ...rest,
    training: { ...rest.training, evaluateEvery, keepBest },
  };
}

/** Why it is recommended, and how sure that is. */
export interface Reasons {
  /** False where the pilots did not show that anything was learned: then it only led them. */
  learned: boolean;
  /** The answer first. */
  sentences: Sentence[];
}

export function reasonsFor(
  chosen: PilotRecord,
  ranking: readonly PilotRecord[],
  complete: boolean,
  scoring: PilotScoring,
): Reasons {
  const learning = learningOf(chosen, ranking, scoring);
  const evidence = evidenceFor(chosen, ranking, scoring);
  const { metric } = scoring;
  if (learning === null || learning.shown)
    return { learned: true, sentences: [reasonFor(chosen, ranking, metric, complete), ...evidence] };
  return {
    learned: false,
    sentences: [
      nothingShown(chosen, ranking, metric, learning),
      say`Look at the data first (labels, words that the model does not know), then train for more steps, give the pilots more minutes, or hold out more rows to judge by.`,
      ...evidence,
    ],
  };
}

function nothingShown(
  chosen: PilotRecord,
  { length: tried }: readonly PilotRecord[],
  metric: string,
  { constant, luck }: PilotLearning,
): Sentence {
  const name = candidateName(chosen);
  const value = scoreText(metric, chosen.metrics?.[metric] ?? NaN);
  return constant === null
    ? say`Nothing was shown to be learned: ${name} only led the pilots, with ${metric} ${value} after ${chosen.steps} steps, which the best of ${tried} candidates reaches by luck too (p ${probabilityText(luck)}).`
    : say`Nothing was shown to be learned: ${name} only led the pilots, with ${metric} ${value} after ${chosen.steps} steps, where one class for every row scores ${scoreText(metric, constant)} (candidates tried: ${tried}).`;
}

function reasonFor(
  chosen: PilotRecord,
  ranking: readonly PilotRecord[],
  metric: string,
  complete: boolean,
): Sentence {
  const { steps, metrics } = chosen;
  const name = candidateName(chosen);
  const value = scoreText(metric, metrics?.[metric] ?? NaN);
  const tried = ranking.length;
  if (!complete)
    return say`Take ${name}: it was best, with ${metric} ${value} after ${steps} steps, among what there was time for (candidates tried: ${tried}); more minutes would tell more.`;
  if (chosen.key === ranking[0].key)
    return say`Take ${name}: it came out best, with ${metric} ${value} after ${steps} steps (candidates tried: ${tried}).`;
  return inPoints(metric)
    ? say`Take ${name}: with ${metric} ${value} after ${steps} steps it is within a point of the best and needs less memory (candidates tried: ${tried}).`
    : say`Take ${name}: with ${metric} ${value} after ${steps} steps it is within ${ALIKE} of the best and needs less memory (candidates tried: ${tried}).`;
}
