/** What pilots come to: a spec of one run, and the evidence for it. */
import type { RunSpec } from '../runs/spec.ts';
import { say, type Sentence } from '../sentence.ts';
import type { Pilot } from './halving.ts';

/** A pilot as it is written down. */
export interface PilotRecord extends Pilot {
  method: string;
  learningRate: number | null;
  metrics: Record<string, number> | null;
  /** What it held on the device. */
  bytes: number;
}

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

/** The spec to train, from the run that a pilot was of. @param trained as the spec asked for it */
export function recommendedSpec(
  pilot: RunSpec,
  trained: Pick<RunSpec['training'], 'evaluateEvery' | 'keepBest'>,
): RunSpec {
  const { evaluateEvery, keepBest } = trained;
  return { ...pilot, name: 'recommended', training: { ...pilot.training, evaluateEvery, keepBest } };
}

/** Why it is recommended, in a sentence. */
export function reasonFor(
  chosen: PilotRecord,
  ranking: readonly PilotRecord[],
  metric: string,
  complete: boolean,
): Sentence {
  const { method, steps, metrics } = chosen;
  const rate = chosen.learningRate ?? '–';
  const value = Number((metrics?.[metric] ?? 0).toPrecision(3));
  const tried = ranking.length;
  return complete
    ? say`Take ${method} at the rate ${rate}: it came out best, with ${metric} ${value} after ${steps} steps (candidates tried: ${tried}).`
    : say`Take ${method} at the rate ${rate}: it was best, with ${metric} ${value} after ${steps} steps, among what there was time for (candidates tried: ${tried}); more minutes would tell more.`;
}
