/** The table of results: its columns, their order, differences to a baseline, and the front of two of them. */
import { lessIsBetter, type RunSnapshot } from './recorder.ts';

export type ResultColumn =
  | 'best'
  | 'last'
  | 'trainable'
  | 'share'
  | 'seconds'
  | 'stepMilliseconds'
  | 'tokensPerSecond'
  | 'memory'
  | 'adapterBytes';

export const RESULT_COLUMNS: readonly ResultColumn[] = [
  'best',
  'last',
  'trainable',
  'share',
  'seconds',
  'stepMilliseconds',
  'tokensPerSecond',
  'memory',
  'adapterBytes',
];

/** A run's figures; what was not measured is null. */
export type ResultRow = { run: string; method: string } & Record<ResultColumn, number | null>;

/** @param metric by which the runs are judged */
export function resultRow(run: RunSnapshot, metric: string): ResultRow {
  const { start, end, memory, left, seconds, tokens, stepMilliseconds } = run;
  return {
    run: run.run,
    method: run.method,
    best: (end?.best?.metric === metric ? end.best.value : run.bestMetrics[metric]?.value) ?? null,
    last: run.lastMetrics?.[metric] ?? null,
    trainable: start?.trainableParameters ?? null,
    share: start === null ? null : start.trainableParameters / start.totalParameters,
    seconds: end?.seconds ?? null,
    stepMilliseconds,
    tokensPerSecond: seconds > 0 ? tokens / seconds : null,
    memory: memory?.allocated.total ?? null,
    adapterBytes: left?.adapterBytes ?? null,
  };
}

/** Whether less of a column is better; scores follow the metric. */
export function lessWins(column: ResultColumn, metric: string): boolean {
  if (column === 'best' || column === 'last') return lessIsBetter(metric);
  return column !== 'tokensPerSecond';
}

export interface Sorting {
  column: ResultColumn;
  descending: boolean;
}

/** Rows in order of a column, those without a figure last; equals keep their places. */
export function sortRows<Row extends ResultRow>(rows: readonly Row[], sorting: Sorting | null): Row[] {
  if (sorting === null) return [...rows];
  const { column, descending } = sorting;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[column], b[column]];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return descending ? y - x : x - y;
  });
}

/** Each figure less the baseline's; null where one of the two is missing, and in the baseline's own row. */
export function difference(row: ResultRow, baseline: ResultRow | null, column: ResultColumn): number | null {
  if (baseline === null || baseline.run === row.run) return null;
  const [value, base] = [row[column], baseline[column]];
  return value === null || base === null ? null : value - base;
}

/** Runs that no other run beats in one column without losing in the other (Pareto's front). */
export function paretoFront(
  rows: readonly ResultRow[],
  x: ResultColumn,
  y: ResultColumn,
  metric: string,
): Set<string> {
  const gain = (row: ResultRow, column: ResultColumn): number =>
    lessWins(column, metric) ? -row[column]! : row[column]!;
  const placed = rows.filter((row) => row[x] !== null && row[y] !== null);
  const beaten = (row: ResultRow): boolean =>
    placed.some((other) => {
      const [dx, dy] = [gain(other, x) - gain(row, x), gain(other, y) - gain(row, y)];
      return dx >= 0 && dy >= 0 && (dx > 0 || dy > 0);
    });
  return new Set(placed.filter((row) => !beaten(row)).map(({ run }) => run));
}
