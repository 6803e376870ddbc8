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
  EvaluateEvent,
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
  tasks?: readonly TaskSnapshot[];
  /** What takes no training scores by the comparison's metric. */
  reference?: ReferenceEvent['scores'];
  /** Its answers to the rows that it is judged by. */
  answers?: AnswersEvent;
  end: EndEvent | null;
  /** What it leaves; null until it has ended. */
  left: RunLeft | null;
}

/** What a run says of one of its tasks. */
export interface TaskSnapshot extends Pick<
  RunSnapshot,
  'loss' | 'lastMetrics' | 'bestMetrics' | 'reference'
> {
  name: string;
  scores: SplitScores;
}

/** A run as if it were of one of its tasks alone; as it is where none is asked for. */
export function runOfTask(run: RunSnapshot, task: string | null): RunSnapshot {
  if (task === null) return run;
  const own = run.tasks?.find(({ name }) => name === task);
  if (own === undefined)
    return {
      ...run,
      loss: null,
      lastMetrics: null,
      bestMetrics: {},
      scores: undefined,
      reference: undefined,
    };
  const { loss, lastMetrics, bestMetrics, reference, scores } = own;
  const best = run.end?.best;
  const value = best && scores.validation?.[best.metric];
  // With the weights that were kept, which the mean over the tasks has chosen.
  const end = run.end && { ...run.end, best: best && typeof value === 'number' ? { ...best, value } : null };
  return { ...run, loss, lastMetrics, bestMetrics, reference, scores, end };
}

/** The curves of a run. */
export interface RunCurves {
  loss: Series;
  /** Validation metrics by name. */
  metrics: Map<string, Series>;
}

interface Run extends RunCurves {
  snapshot: RunSnapshot;
  /** Of each task its curves and what it is at, of a run of several. */
  ofTasks: Map<string, TaskCurves>;
  milliseconds: RunningMedian;
  tasks: TaskScores;
  references: NonNullable<ReferenceEvent['tasks']>;
}

interface TaskCurves extends RunCurves {
  last: Record<string, number> | null;
  best: Record<string, { step: number; value: number }>;
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
        ofTasks: new Map(),
        references: [],
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

  /** @param task whose curves they are; of the run as a whole where null */
  curves(runKey: string, task: string | null = null): RunCurves | undefined {
    const run = this.#runs.get(runKey);
    return task === null ? run : run?.ofTasks.get(task);
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
      if (event.task !== undefined) taskOf(run, event.task).loss.push(step, loss, seconds, tokens);
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
        if (event.split === 'validation') {
          const own = taskOf(run, event.task);
          own.best = withPoint(own.metrics, own.best, event, run.snapshot);
          own.last = event.metrics;
        }
        tellTasks(run, event.split === 'validation' ? undefined : event.step);
        return;
      }
      // Curves are of validation; what is scored once at the end is no point of them.
      if (event.split !== 'validation') {
        run.snapshot = { ...run.snapshot, scores: { ...run.snapshot.scores, [event.split]: event.metrics } };
        return;
      }
      const bests = withPoint(run.metrics, run.snapshot.bestMetrics, event, run.snapshot);
      run.snapshot = { ...run.snapshot, lastMetrics: event.metrics, bestMetrics: bests };
      return;
    }
    case 'reference':
      run.snapshot = { ...run.snapshot, reference: event.scores };
      run.references = event.tasks ?? [];
      return;
    case 'answers':
      run.snapshot = { ...run.snapshot, answers: event };
      return;
    case 'stage':
      return;
    case 'end':
      run.snapshot = { ...run.snapshot, phase: event.reason, end: event };
      if (run.snapshot.tasks !== undefined && run.snapshot.scores === undefined)
        tellTasks(run, event.best?.step);
  }
}

function taskOf(run: Run, task: string): TaskCurves {
  const known = run.ofTasks.get(task) ?? { loss: new Series(), metrics: new Map(), last: null, best: {} };
  run.ofTasks.set(task, known);
  return known;
}

/** @param step whose scores stand for each task; the last ones where left out */
function tellTasks(run: Run, step: number | undefined): void {
  const tasks = run.tasks.at(step).map(({ name, scores }): TaskSnapshot => {
    const { loss, last, best } = taskOf(run, name);
    const reference = run.references.find((one) => one.name === name)?.scores;
    return {
      name,
      scores,
      loss: loss.last(),
      lastMetrics: last,
      bestMetrics: best,
      ...(reference && { reference }),
    };
  });
  run.snapshot = { ...run.snapshot, tasks };
}

/** Puts an evaluation into its curves. @returns the best values with it */
function withPoint(
  curves: Map<string, Series>,
  known: RunSnapshot['bestMetrics'],
  { step, metrics }: EvaluateEvent,
  { seconds, tokens }: Pick<RunSnapshot, 'seconds' | 'tokens'>,
): Record<string, { step: number; value: number }> {
  const bests = { ...known };
  for (const [name, value] of Object.entries(metrics)) {
    const series = curves.get(name) ?? new Series();
    series.push(step, value, seconds, tokens);
    curves.set(name, series);
    if (better(name, value, bests[name]?.value)) bests[name] = { step, value };
  }
  return bests;
}

function better(metric: string, value: number, best: number | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  if (best === undefined) return true;
  return lessIsBetter(metric) ? value < best : value > best;
}
