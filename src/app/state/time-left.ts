/** How long a comparison will still take, from how long what is done has taken. */
import type { RunSnapshot } from './recorder.ts';

/** Steps before an estimate is worth showing. */
const STEPS_NEEDED = 5;

type Timed = Pick<RunSnapshot, 'step' | 'steps' | 'stepMilliseconds' | 'end'>;

/**
 * Steps weigh as much as a step of their run takes; what no step accounts for (evaluations) is spread over all.
 * A run that has not begun is taken to be as slow as the others on average.
 * @param elapsed seconds of training so far, pauses left out
 * @returns seconds, or null while too little is known
 */
export function timeLeft(runs: readonly Timed[], elapsed: number): number | null {
  const known = runs.flatMap(({ stepMilliseconds }) => stepMilliseconds ?? []);
  const taken = runs.reduce((sum, { step }) => sum + step, 0);
  if (known.length === 0 || taken < STEPS_NEEDED) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  let done = 0;
  let left = 0;
  for (const { step, steps, stepMilliseconds, end } of runs) {
    const each = stepMilliseconds ?? mean;
    done += each * step;
    if (end === null) left += each * (steps - step);
  }
  return done > 0 ? (elapsed * left) / done : null;
}
