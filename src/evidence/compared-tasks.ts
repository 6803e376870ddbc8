/** Runs of several tasks looked at as runs of one of them: judged, tabled and drawn as any others are. */
import { taskView } from '../runs/spec-tasks.ts';
import type { RunEvent } from '../train/events.ts';
import type { ComparedRun } from './compared-runs.ts';

/** Names of the tasks; none of runs of one data set. */
export function taskNames(runs: readonly ComparedRun[]): string[] {
  return (runs[0]?.spec.tasks ?? []).map(({ name }) => name);
}

/** The runs as if they were of task `index` alone. */
export function runsOfTask(runs: readonly ComparedRun[], index: number): ComparedRun[] {
  return runs.map(({ taskClasses, ...run }) => {
    const { name } = run.spec.tasks![index];
    const own = run.summary.tasks?.find((task) => task.name === name);
    return {
      ...run,
      spec: taskView(run.spec, index),
      summary: { ...run.summary, scores: own?.scores, reference: own?.reference, tasks: undefined },
      events: run.events.flatMap((event) => eventOfTask(event, name)),
      classNames: taskClasses?.[index] ?? null,
    };
  });
}

/** What is told of all tasks stays; what is told of another, or of their mean, does not. */
function eventOfTask(event: RunEvent, name: string): RunEvent[] {
  switch (event.type) {
    case 'step':
    case 'evaluate':
    case 'answers': {
      const { task, ...rest } = event;
      return task === name ? [rest] : [];
    }
    case 'reference': {
      const own = event.tasks?.find((task) => task.name === name);
      return own === undefined ? [] : [{ ...event, scores: own.scores, tasks: undefined }];
    }
    default:
      return [event];
  }
}
