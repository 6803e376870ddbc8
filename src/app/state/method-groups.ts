/**
 * Runs of one method with several seeds, as the method that they are of: what tables and charts show by default. A
 * comparison of one seed has a group for each run.
 */
import { studentInterval } from '../../evidence/student.ts';
import { mean, type Interval } from '../../evidence/samples.ts';
import { runName } from '../../runs/spec.ts';
import type { RunControlState } from '../../protocol/controls.ts';
import type { RunPhase, RunSnapshot } from './recorder.ts';
import { RESULT_COLUMNS, resultRow, type ResultColumn, type ResultRow } from './results-rows.ts';

export interface MethodGroup {
  /** Unique among the groups: the method's name in the comparison. */
  name: string;
  method: string;
  /** One a seed, in their order. */
  runs: RunSnapshot[];
}

/** Name of the method of a run, by the run's key; a run that is laid over stands for itself. */
export function groupName(run: string): string {
  return run.includes(' ') ? run : runName({ key: run });
}

/** The seed in the key of one of several runs of a method; null of a single one. */
export function seedOf(run: string): number | null {
  const seed = /^[^ /]+\/seed-(\d+)$/.exec(run)?.[1];
  return seed === undefined ? null : Number(seed);
}

/** Groups in the order of their first runs. */
export function methodGroups(runs: readonly RunSnapshot[]): MethodGroup[] {
  const groups = new Map<string, MethodGroup>();
  for (const run of runs) {
    const name = groupName(run.run);
    const group = groups.get(name) ?? { name, method: run.method, runs: [] };
    group.runs.push(run);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Was any method trained with more than one seed? */
export function hasSeeds(groups: readonly MethodGroup[]): boolean {
  return groups.some(({ runs }) => runs.length > 1);
}

/** What the runs of a method are at: what goes on, before what has ended; of ends the first that is not a good one. */
export function groupPhase({ runs }: MethodGroup): RunPhase {
  const phases = runs.map(({ phase }) => phase);
  const first = (...wanted: RunPhase[]): RunPhase | undefined =>
    phases.find((phase) => wanted.includes(phase));
  // Between two seeds a method waits: it has not ended.
  const waits = first('waiting');
  if (waits !== undefined) return phases.every((phase) => phase === waits) ? waits : 'running';
  return (
    first('running') ?? first('interrupted') ?? phases.find((phase) => phase !== 'completed') ?? phases[0]
  );
}

/** What was asked of the runs of a method that have not ended. */
export function groupControl(
  { runs }: MethodGroup,
  controls: Readonly<Record<string, RunControlState>>,
): RunControlState {
  const states = runs.filter(({ end }) => end === null).map(({ run }) => controls[run] ?? 'going');
  const [first = 'going'] = states;
  return states.every((state) => state === first) ? first : 'going';
}

/** A row of the table for a method: means over the seeds that have a figure, and of scores how sure they are. */
export interface GroupRow extends ResultRow {
  intervals: Partial<Record<ResultColumn, Interval>>;
  /** Rows of its runs, one a seed. */
  single: ResultRow[];
}

export function groupRow({ name, method, runs }: MethodGroup, metric: string): GroupRow {
  const single = runs.map((run) => resultRow(run, metric));
  const intervals: GroupRow['intervals'] = {};
  const figures = RESULT_COLUMNS.map((column): [ResultColumn, number | null] => {
    const values = single.flatMap((row) => row[column] ?? []).filter(Number.isFinite);
    if (column === 'best' || column === 'last') {
      const interval = studentInterval(values);
      if (interval !== null) intervals[column] = interval;
    }
    return [column, values.length === 0 ? null : mean(values)];
  });
  return {
    run: name,
    method,
    ...(Object.fromEntries(figures) as Record<ResultColumn, number | null>),
    intervals,
    single,
  };
}

/**
 * The run of a method to take weights from: the one that scored best where the step was chosen.
 * @returns null where none has left weights
 */
export function bestRun({ runs }: MethodGroup, metric: string, lower: boolean): RunSnapshot | null {
  const left = runs.filter(({ left: kept }) => (kept?.adapterBytes ?? null) !== null);
  const score = (run: RunSnapshot): number => {
    const value = resultRow(run, metric).best;
    return value === null ? -Infinity : lower ? -value : value;
  };
  return left.reduce<RunSnapshot | null>(
    (best, run) => (best === null || score(run) > score(best) ? run : best),
    null,
  );
}
