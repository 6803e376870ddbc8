/** The verdict over the runs of a comparison as the worker holds them. */
import type { ComparedRun } from '../evidence/compared-runs.ts';
import { judgedRuns, type Judged } from '../evidence/comparison-summary.ts';
import { runName } from '../runs/spec.ts';
import type { RunStore } from '../runs/storage/run-store.ts';
import type { StoredEntry } from '../runs/storage/stored.ts';
import { summarize } from '../runs/summary.ts';
import type { RunOutcome } from '../train/comparison.ts';
import type { RunEvent } from '../train/events.ts';

/**
 * @param eventsOf all events of a run, by its key
 * @param asked.baseline as the spec has it
 * @param asked.classNames of a classification
 * @param asked.taskClasses the same of each task
 * @param asked.forecast seconds that a run of each method was said to take, by its name
 * @param goesOn called now and then: many rows take minutes
 * @returns null where nothing was evaluated, or where the baseline is none of the runs that ended
 */
export function judgedOf(
  outcomes: readonly RunOutcome[],
  eventsOf: (run: string) => readonly RunEvent[],
  asked: {
    baseline?: string;
    forecast?: Readonly<Record<string, number>>;
    classNames?: readonly string[];
    /** Of each task, of a comparison of several. */
    taskClasses?: ComparedRun['taskClasses'];
  },
  goesOn?: () => void,
): Judged | null {
  const { baseline, forecast = {}, classNames = null, taskClasses } = asked;
  const runs = outcomes.map(({ key, spec, adapter }) => {
    const events = eventsOf(key);
    const adapterBytes = adapter && adapter.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    const forecastSeconds = forecast[runName({ key })] ?? null;
    const summary = summarize(events);
    const classes = { classNames, ...(taskClasses && { taskClasses }) };
    return { key, spec, summary, events, ...classes, adapterBytes, forecastSeconds };
  });
  return judgedRuns(runs, baseline, goesOn);
}

/** The same of a comparison that is only stored: from the records of the runs that have ended. */
export async function judgedStored(
  store: Pick<RunStore, 'events'>,
  { comparison, runs }: StoredEntry,
  goesOn?: () => void,
): Promise<Judged | null> {
  const { spec, forecast = {}, labels } = comparison;
  const classNames = labels?.names ?? null;
  const compared = await Promise.all(
    runs.map(async ({ run, adapter }): Promise<ComparedRun[]> => {
      const events = await store.events(comparison.id, run);
      const header = comparison.runs.find((one) => one.run === run);
      if (header === undefined || !events.some(({ type }) => type === 'end')) return [];
      const adapterBytes = adapter && adapter.files.reduce((sum, { bytes }) => sum + bytes, 0);
      const forecastSeconds = forecast[runName({ key: run })] ?? null;
      const summary = summarize(events);
      return [{ key: run, spec: header.spec, summary, events, classNames, adapterBytes, forecastSeconds }];
    }),
  );
  return judgedRuns(compared.flat(), spec.baseline, goesOn);
}
