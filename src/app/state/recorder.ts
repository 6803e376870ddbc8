/**
 * Everything the runs of a comparison have reported. Curves grow in typed arrays outside React; the
 * table reads a plain snapshot. Listeners hear of changes at most four times a second,
 * and less often as curves get long: what they draw then costs more, and changes less.
 */
import { TaskScores, type SplitScores } from '../../runs/summary.ts';
import type { RunLeft } from '../../protocol/controls.ts';
import type { RunHeader } from '../../protocol/messages.ts';
import type {
  AnswersEvent,
  EndEvent,
  MemoryEvent,
  ReferenceEvent,
  RunEvent,
  Split,
  StartEvent,
} from '../../train/events.ts';
import { RunningMedian } from './running-median.ts';
import { Series } from './series.ts';
import { Stopwatch } from './stopwatch.ts';

/** Time between two notices in milliseconds: the shortest, what every recorded step adds, the longest. */
const NOTICE = { least: 250, perPoint: 0.1, most: 1500 };

/** `interrupted`: it was cut off, and does not run any more. */
export type RunPhase = 'waiting' | 'running' | 'interrupted' | EndEvent['reason'];

/** A run in numbers; what is not known yet is null. */
export interface RunSnapshot extends RunHeader {
  phase: RunPhase;
  step: number;
  loss: number | null;
  /** Median over all steps. */
  stepMilliseconds: number | null;
  /** Time of its steps so far, and the real tokens they saw. */
  seconds: number;
  tokens: number;
  start: StartEvent | null;
  memory: MemoryEvent | null;
  /** Last evaluation's metrics by name. */
  lastMetrics: Readonly<Record<string, number>> | null;
  /** Best value of each metric so far, and its step. */
  bestMetrics: Readonly<Record<string, { step: number; value: number }>>;
  /** Of sets that are scored once, with the weights that were kept. */
  scores?: Readonly<Partial<Record<Split, Record<string, number>>>>;
  /** Scores of each task, of a run of several: the last, and once it has ended those of the weights that were kept. */
  tasks?: readonly { name: string; scores: SplitScores }[];
  /** What takes no training scores by the comparison's metric. */
  reference?: ReferenceEvent['scores'];
  /** Its answers to the rows that it is judged by. */
  answers?: AnswersEvent;
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
  milliseconds: RunningMedian;
  tasks: TaskScores;
}

/** Less is better of these metrics, more of all others. */
const LESS_IS_BETTER = new Set(['loss', 'perplexity']);

export function lessIsBetter(metric: string): boolean {
  return LESS_IS_BETTER.has(metric);
}

export class Recorder {
  /** How long the comparison has been training, pauses left out. */
  readonly watch = new Stopwatch();
  readonly #runs = new Map<string, Run>();
  readonly #notify: (snapshots: RunSnapshot[]) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param notify hears the runs' snapshots after changes, in the order of the comparison */
  constructor(notify: (snapshots: RunSnapshot[]) => void) {
    this.#notify = notify;
  }

  #interval(): number {
    let points = 0;
    for (const { loss } of this.#runs.values()) points += loss.length;
    return Math.min(NOTICE.most, Math.max(NOTICE.least, NOTICE.perPoint * points));
  }

  /** Forgets earlier runs and awaits these. */
  begin(headers: readonly RunHeader[]): void {
    this.#runs.clear();
    this.watch.reset();
    for (const header of headers) {
      this.#runs.set(header.run, {
        loss: new Series(),
        metrics: new Map(),
        milliseconds: new RunningMedian(),
        tasks: new TaskScores(),
        snapshot: {
          ...header,
          phase: 'waiting',
          step: 0,
          loss: null,
          stepMilliseconds: null,
          seconds: 0,
          tokens: 0,
          start: null,
          memory: null,
          lastMetrics: null,
          bestMetrics: {},
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
    this.#timer ??= setTimeout(() => this.flush(), this.#interval());
  }

  /** Takes in what a run has left. */
  left(runKey: string, left: RunLeft): void {
    const run = this.#runs.get(runKey);
    if (run === undefined) return;
    run.snapshot = { ...run.snapshot, left };
    this.#timer ??= setTimeout(() => this.flush(), this.#interval());
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
    this.#notify([...this.#runs.values()].map(({ snapshot }) => snapshot));
  }
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
    case 'step': {
      const { step, loss, milliseconds } = event;
      const seconds = run.snapshot.seconds + milliseconds / 1000;
      const tokens = run.snapshot.tokens + event.tokens;
      run.loss.push(step, loss, seconds, tokens);
      run.milliseconds.add(milliseconds);
      run.snapshot = {
        ...run.snapshot,
        step,
        loss,
        seconds,
        tokens,
        stepMilliseconds: run.milliseconds.value,
      };
      return;
    }
    case 'evaluate': {
      // Each task's scores are told again in the end; curves are of their mean.
      if (event.task !== undefined) {
        run.tasks.add(event.task, event);
        run.snapshot = {
          ...run.snapshot,
          tasks: run.tasks.at(event.split === 'validation' ? undefined : event.step),
        };
        return;
      }
      // Curves are of validation; what is scored once at the end is no point of them.
      if (event.split !== 'validation') {
        run.snapshot = { ...run.snapshot, scores: { ...run.snapshot.scores, [event.split]: event.metrics } };
        return;
      }
      const { seconds, tokens, bestMetrics } = run.snapshot;
      const bests = { ...bestMetrics };
      for (const [name, value] of Object.entries(event.metrics)) {
        const series = run.metrics.get(name) ?? new Series();
        series.push(event.step, value, seconds, tokens);
        run.metrics.set(name, series);
        if (better(name, value, bests[name]?.value)) bests[name] = { step: event.step, value };
      }
      run.snapshot = { ...run.snapshot, lastMetrics: event.metrics, bestMetrics: bests };
      return;
    }
    case 'reference':
      run.snapshot = { ...run.snapshot, reference: event.scores };
      return;
    case 'answers':
      run.snapshot = { ...run.snapshot, answers: event };
      return;
    case 'stage':
      return;
    case 'end':
      run.snapshot = { ...run.snapshot, phase: event.reason, end: event };
      if (run.snapshot.tasks !== undefined && run.snapshot.scores === undefined)
        run.snapshot = { ...run.snapshot, tasks: run.tasks.at(event.best?.step) };
  }
}

function better(metric: string, value: number, best: number | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  if (best === undefined) return true;
  return lessIsBetter(metric) ? value < best : value > best;
}
