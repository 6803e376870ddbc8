/** The verdict over the runs of a comparison as the worker holds them. */
import { StudioError } from '../errors.ts';
import { judge, storedVerdict } from '../evidence/comparison-summary.ts';
import type { Judged } from '../protocol/judged.ts';
import { summarize } from '../runs/summary.ts';
import type { RunOutcome } from '../train/comparison.ts';
import type { RunEvent } from '../train/events.ts';

/**
 * @param eventsOf all events of a run, by its key
 * @param baseline as the spec has it
 * @returns null where nothing was evaluated, or where the baseline is none of the runs that ended
 */
export function judgedOf(
  outcomes: readonly RunOutcome[],
  eventsOf: (run: string) => readonly RunEvent[],
  baseline: string | undefined,
): Judged | null {
  if (outcomes.length === 0) return null;
  const runs = outcomes.map(({ key, spec, adapter }) => {
    const events = eventsOf(key);
    const adapterBytes = adapter && adapter.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    return { key, spec, summary: summarize(events), events, adapterBytes };
  });
  try {
    const judged = judge(runs, { ...(baseline !== undefined && { baseline }) });
    if (judged.summary.judgedOn === null && judged.verdict.code !== 'diverged') return null;
    return { summary: judged.summary, verdict: storedVerdict(judged) };
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}
