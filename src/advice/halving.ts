/**
 * Successive halving (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter
 * optimization"): every candidate is trained for a little, the better third of them for longer, and so on, each
 * round with an equal share of the time. Pilots start anew in every round, since a schedule that falls to zero has no
 * use for being continued.
 *
 * What trains, and what the time is, are given from outside.
 */

export interface Candidate {
  key: string;
  /** As measured, or forecast. */
  secondsPerStep: number;
  /** Of scoring it once, and of making it ready. */
  secondsBeside: number;
}

/** A candidate that was trained for some steps. */
export interface Pilot {
  key: string;
  /** From 0. */
  round: number;
  steps: number;
  /** Higher is better; null where it diverged or could not be trained. */
  score: number | null;
  /** All that it took. */
  seconds: number;
}

export interface HalvingOptions {
  /** For all pilots, those that are known among them. */
  seconds: number;
  /** Of the training that the advice is for: no pilot is longer. */
  fullSteps: number;
  /** Seconds from any origin. */
  now: () => number;
  /**
   * Trains a candidate; gives up where `goesOn` says no.
   * @returns its score, or 'stopped'
   */
  train: (
    key: string,
    steps: number,
    round: number,
    goesOn: () => boolean,
  ) => Promise<number | null | 'stopped'>;
  /** Pilots from before, which are not trained again. */
  known?: readonly Pilot[];
  /** Hears every pilot as it ends. */
  heard?: (pilot: Pilot) => void;
  /** False from when the person has had enough. */
  goesOn?: () => boolean;
}

export interface Advice {
  /** Every candidate that was scored, the best first: by the round it came to, then by its score there. */
  ranking: Pilot[];
  /** Did the rounds come to their end? */
  complete: boolean;
}

/** Of the candidates of a round, this part goes on. */
const KEPT = 1 / 3;
/** Fewer steps tell nothing. */
export const LEAST_STEPS = 8;

/** Candidates that each round begins with; the last has one or two. */
export function roundSizes(candidates: number): number[] {
  const sizes: number[] = [];
  for (let left = candidates; left > 0; left = left > 2 ? Math.max(2, Math.ceil(left * KEPT)) : 0)
    sizes.push(left);
  return sizes;
}

/**
 * As many candidates, in their order, as the first round has time for.
 * @param seconds of all rounds
 */
export function affordable(candidates: readonly Candidate[], seconds: number): Candidate[] {
  for (let count = candidates.length; count > 1; count--) {
    const some = candidates.slice(0, count);
    const share = seconds / roundSizes(count).length;
    const least = some.reduce((sum, one) => sum + one.secondsBeside + LEAST_STEPS * one.secondsPerStep, 0);
    if (least <= share) return some;
  }
  return candidates.slice(0, 1);
}

/**
 * @param candidates as many as there is time for (`affordable`), in the order in which they are tried: the likeliest
 *   first, so that an early end leaves the most
 */
export async function successiveHalving(
  candidates: readonly Candidate[],
  options: HalvingOptions,
): Promise<Advice> {
  const { seconds, fullSteps, now, train, heard, known = [], goesOn = () => true } = options;
  const before = known.reduce((sum, pilot) => sum + pilot.seconds, 0);
  const deadline = now() + seconds - before;
  const inTime = (): boolean => goesOn() && now() < deadline;
  const pilots: Pilot[] = [];
  let left = [...candidates];
  const rounds = roundSizes(left.length).length;
  for (let round = 0; round < rounds; round++) {
    const earlier = known.filter((pilot) => pilot.round === round);
    const share = (deadline - now()) / (rounds - round);
    const steps = earlier[0]?.steps ?? stepsFor(left, share, fullSteps);
    const scored: Pilot[] = [];
    for (const { key, secondsPerStep, secondsBeside } of left) {
      const done = earlier.find((pilot) => pilot.key === key);
      if (done !== undefined) {
        scored.push(done);
        continue;
      }
      const from = now();
      // One that cannot end in time is not begun; the first of all is, since some answer is better than none.
      const needs = secondsBeside + steps * secondsPerStep;
      if (!inTime() || (pilots.length + scored.length > 0 && from + needs > deadline)) break;
      const score = await train(key, steps, round, inTime);
      if (score === 'stopped') break;
      const pilot = { key, round, steps, score, seconds: now() - from };
      scored.push(pilot);
      heard?.(pilot);
    }
    pilots.push(...scored);
    if (scored.length < left.length) return { ranking: ranked(pilots), complete: false };
    const next = roundSizes(left.length)[1] ?? 0;
    const best = ranked(scored).filter(({ score }) => score !== null);
    left = best.slice(0, next).map(({ key }) => left.find((one) => one.key === key)!);
    // Longer than the training itself no pilot is, so that a further round would say the same again.
    if (left.length === 0 || steps >= fullSteps) break;
  }
  return { ranking: ranked(pilots), complete: true };
}

/** Steps that every candidate can take in a share of the time. */
function stepsFor(candidates: readonly Candidate[], seconds: number, most: number): number {
  const beside = candidates.reduce((sum, one) => sum + one.secondsBeside, 0);
  const perStep = candidates.reduce((sum, one) => sum + one.secondsPerStep, 0);
  const steps = Math.floor((seconds - beside) / Math.max(perStep, 1e-9));
  return Math.max(1, Math.min(most, Math.max(LEAST_STEPS, steps)));
}

/** The last pilot of each candidate: those that came further first, then by score. */
function ranked(pilots: readonly Pilot[]): Pilot[] {
  const last = new Map<string, Pilot>();
  for (const pilot of pilots)
    if ((last.get(pilot.key)?.round ?? -1) < pilot.round) last.set(pilot.key, pilot);
  return [...last.values()].sort(
    (a, b) => b.round - a.round || (b.score ?? -Infinity) - (a.score ?? -Infinity),
  );
}
