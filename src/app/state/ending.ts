/** The end of a comparison: how it ended, and how long it took from Start, pauses left out. */
import type { Ending, StudioState } from './studio-state.ts';
import { Stopwatch } from './stopwatch.ts';

type Seen = Pick<StudioState, 'session' | 'runs' | 'runProblem'>;

/**
 * @param put hears null when a comparison begins, and its ending when it has ended
 * @param now a clock in milliseconds
 */
export function followEnding(
  store: {
    getState(): Seen;
    subscribe(listen: (state: Seen, before: Seen) => void): unknown;
  },
  put: (ending: Ending | null) => void,
  now?: () => number,
): void {
  const watch = new Stopwatch(now);
  store.subscribe(({ session, runs }, { session: before }) => {
    if (session === before) return;
    if (before === 'idle') {
      watch.reset();
      put(null);
    }
    watch.running(session !== 'idle' && session !== 'paused');
    if (session === 'idle' && runs.length > 0) put(endingOf(runs, watch.seconds));
  });
}

/** Null where runs are still to end, as when the engine is gone. */
export function endingOf(runs: StudioState['runs'], seconds: number): Ending | null {
  if (runs.length === 0 || runs.some(({ end }) => end === null)) return null;
  const reasons = runs.map(({ end }) => end!.reason);
  if (reasons.includes('stopped')) return { kind: 'stopped', seconds };
  const came = reasons.some((reason) => reason === 'completed' || reason === 'earlyStopped');
  return { kind: came ? 'done' : 'failed', seconds };
}
