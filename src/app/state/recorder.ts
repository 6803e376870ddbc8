/**
 * Everything the runs of a comparison have reported. Curves grow in typed arrays outside React; the
 * table reads a plain snapshot. Listeners hear of changes at most four times a second.
 */
import type { RunLeft } from '../../protocol/controls.ts';
import type { RunHeader } from '../../protocol/messages.ts';
import type { EndEvent, MemoryEvent, RunEvent, StartEvent } from '../../train/events.ts';
import { median } from '../../runs/summary.ts';
import { Series } from './series.ts';

/** Shortest time between two notices, in milliseconds. */
const NOTICE_INTERVAL = 250;

/** `interrupted`: it was cut off, and does not run any more. */
export type RunPhase = 'waiting' | 'running' | 'interrupted' | EndEvent['reason'];

/** A run in numbers; what is not known yet is null. */
export interface RunSnapshot extends RunHeader {
  phase: RunPhase;
  step: number;
  loss: number | null;
  /** Median over all steps. */
  stepMilliseconds: number | null;
  start: StartEvent | null;
  memory: MemoryEvent | null;
  /** Last evaluation's metrics by name. */
  lastMetrics: Readonly<Record<string, number>> | null;
  end: EndEvent | null;
  /** What it leaves; null until it has ended. */
  left: RunLeft | null;
}

/** The curves of a run. */
export interface RunCurves {
  loss: Series;
  /** Validation metrics by name. */
  metrics: Map<string, Series>;
}

interface Run extends RunCurves {
  snapshot: RunSnapshot;
  milliseconds: number[];
}

export class Recorder {
  readonly #runs = new Map<string, Run>();
  readonly #notify: (snapshots: RunSnapshot[]) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param notify hears the runs' snapshots after changes, in the order of the comparison */
  constructor(notify: (snapshots: RunSnapshot[]) => void) {
    this.#notify = notify;
  }

  /** Forgets earlier runs and awaits these. */
  begin(headers: readonly RunHeader[]): void {
    this.#runs.clear();
    for (const header of headers) {
      this.#runs.set(header.run, {
        loss: new Series(),
        metrics: new Map(),
        milliseconds: [],
        snapshot: {
          ...header,
          phase: 'waiting',
          step: 0,
          loss: null,
          stepMilliseconds: null,
          start: null,
          memory: null,
          lastMetrics: null,
          end: null,
          left: null,
        },
      });
    }
    this.flush();
  }

  /** Takes in events of one run; events of a run that is not awaited are left out. */
  add(runKey: string, events: readonly RunEvent[]): void {
    const run = this.#runs.get(runKey);
    if (run === undefined) return;
    for (const event of events) take(run, event);
    this.#timer ??= setTimeout(() => this.flush(), NOTICE_INTERVAL);
  }

  /** Takes in what a run has left. */
  left(runKey: string, left: RunLeft): void {
    const run = this.#runs.get(runKey);
    if (run === undefined) return;
    run.snapshot = { ...run.snapshot, left };
    this.#timer ??= setTimeout(() => this.flush(), NOTICE_INTERVAL);
  }

  /** Runs that have neither ended nor go on were interrupted. */
  interrupt(): void {
    for (const run of this.#runs.values()) {
      const { phase } = run.snapshot;
      if (phase === 'running' || phase === 'waiting')
        run.snapshot = { ...run.snapshot, phase: 'interrupted' };
    }
  }

  curves(runKey: string): RunCurves | undefined {
    return this.#runs.get(runKey);
  }

  /** Notifies now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#notify([...this.#runs.values()].map(timed));
  }
}

/** The run's snapshot with its step time brought up to date, which is too much work for every event. */
function timed(run: Run): RunSnapshot {
  const stepMilliseconds = median(run.milliseconds);
  if (stepMilliseconds !== run.snapshot.stepMilliseconds)
    run.snapshot = { ...run.snapshot, stepMilliseconds };
  return run.snapshot;
}

/** Snapshots are replaced, never changed, so that React sees which run moved. */
function take(run: Run, event: RunEvent): void {
  switch (event.type) {
    case 'start':
      run.snapshot = { ...run.snapshot, phase: 'running', start: event };
      return;
    case 'memory':
      run.snapshot = { ...run.snapshot, memory: event };
      return;
    case 'step':
      run.loss.push(event.step, event.loss);
      run.milliseconds.push(event.milliseconds);
      run.snapshot = { ...run.snapshot, step: event.step, loss: event.loss };
      return;
    case 'evaluate':
      for (const [name, value] of Object.entries(event.metrics)) {
        const series = run.metrics.get(name) ?? new Series();
        series.push(event.step, value);
        run.metrics.set(name, series);
      }
      run.snapshot = { ...run.snapshot, lastMetrics: event.metrics };
      return;
    case 'stage':
      return;
    case 'end':
      run.snapshot = { ...run.snapshot, phase: event.reason, end: event };
  }
}
