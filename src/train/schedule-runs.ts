/**
 * Drives runs to their ends: in turn, a step each, so that their curves grow side by side; or one after
 * another, so that only one run's memory is held at a time. A paused run is passed over, or takes
 * the single steps it is granted.
 */
import type { RunControl } from './control.ts';
import type { RunResult, TrainingRun } from './training-run.ts';

/** What is driven: a run, or its stages one after another. */
export interface DrivenRun extends Pick<TrainingRun, 'control' | 'advance' | 'drain'> {
  readonly result: Pick<RunResult, 'end'> | null;
}

export type RunOrder = 'inTurn' | 'oneAfterAnother';

/** A run that is made when its turn comes. */
export interface PlannedRun {
  /** Makes the run. What it throws is the caller's to handle; other runs go on. */
  prepare: () => Promise<DrivenRun>;
  /** Called once the run has ended; release its memory here. */
  ended: (run: DrivenRun) => Promise<void> | void;
  /** Called instead when `prepare` threw. */
  failed: (error: unknown) => Promise<void> | void;
  control: RunControl;
  /** Leaves a run that is stopped before it began as if it had never been planned; frees what was prepared for it. */
  leave?: () => void;
  /** Ends a run that is stopped before anything was prepared for it. */
  skipped?: () => Promise<void> | void;
}

/** Drives all runs to their ends. */
export async function driveRuns(planned: readonly PlannedRun[], order: RunOrder): Promise<void> {
  if (order === 'oneAfterAnother') {
    for (const plan of planned) await driveRuns([plan], 'inTurn');
    return;
  }
  const active: { plan: PlannedRun; run: DrivenRun }[] = [];
  for (const plan of planned) {
    if (plan.control.stopped && (plan.leave || plan.skipped)) {
      await plan.skipped?.();
      continue;
    }
    try {
      active.push({ plan, run: await plan.prepare() });
    } catch (error) {
      await plan.failed(error);
    }
  }
  for (const entry of [...active]) {
    if (!entry.plan.leave || !entry.plan.control.stopped) continue;
    entry.plan.leave();
    active.splice(active.indexOf(entry), 1);
  }
  while (active.length > 0) {
    let moved = false;
    for (const entry of [...active]) {
      const { plan, run } = entry;
      if (run.control.takeTurn()) {
        moved = true;
        if (await run.advance()) continue;
      } else {
        await run.drain();
        if (run.result === null) continue;
      }
      active.splice(active.indexOf(entry), 1);
      await plan.ended(run);
    }
    // What has moved comes round once more, to show what it did.
    if (!moved && active.length > 0 && active.every(({ run }) => run.control.waits)) {
      await Promise.race(active.map(({ run }) => run.control.changed()));
    }
  }
}
