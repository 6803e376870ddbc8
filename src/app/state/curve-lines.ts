/** What is drawn of each method in a chart over time: one curve, or the mean of its seeds with a band around it. */
import type { MethodGroup } from './method-groups.ts';
import { meanSeries, placeIn, type MeanCurve } from './mean-series.ts';
import type { RunSnapshot } from './recorder.ts';
import type { Series, XAxis } from './series.ts';

type Numbers = ArrayLike<number>;

/** A curve beside the main one. */
export interface FaintLine {
  /** The run that it is of. */
  run: string;
  x: Numbers;
  y: Numbers;
}

export interface GroupLines {
  group: MethodGroup;
  x: Numbers;
  y: Numbers;
  /** Is it a moving average? */
  smooth: boolean;
  /** Points behind a moving average. */
  raw: FaintLine | null;
  /** Around a mean of several seeds, at the same places. */
  band: { low: Numbers; high: Numbers } | null;
  /** Seeds by themselves. */
  single: FaintLine[];
  /** Index of what is to be read at a place; -1 beyond its end and where there is nothing. */
  at: (x: number | null) => number;
}

export interface LinesAsked {
  axis: XAxis;
  /** Of curves with as many points as `smoothedFrom`. */
  smoothing: number;
  smoothedFrom: number;
  /** Every seed by itself, behind the mean. */
  single: boolean;
  seriesOf: (run: string) => Series | undefined;
}

/** Means that have been worked out: those of runs that have ended stay as they are. */
export class MeanCache {
  readonly #known = new Map<string, { key: string; curve: MeanCurve }>();

  /** @param of whose mean it is: one is kept for each */
  get(of: string, key: string, work: () => MeanCurve): MeanCurve {
    const known = this.#known.get(of);
    if (known?.key === key) return known.curve;
    const curve = work();
    this.#known.set(of, { key, curve });
    return curve;
  }
}

/**
 * Null where a method has no points yet. The mean is of the seeds that have ended, so that it does not jump where one
 * that trains has come to; before any has, of all.
 */
export function linesOf(group: MethodGroup, asked: LinesAsked, means: MeanCache): GroupLines | null {
  const { axis, single, seriesOf } = asked;
  const all = group.runs.flatMap((run): Drawn[] => {
    const series = seriesOf(run.run);
    return series === undefined || series.length === 0 ? [] : [{ run, series }];
  });
  if (all.length === 0) return null;
  const ended = all.filter(({ run }) => run.end !== null);
  const averaged = ended.length > 0 ? ended : all;
  const going = all.filter((one) => !averaged.includes(one));
  const weight = averaged.every(({ series }) => series.length >= asked.smoothedFrom) ? asked.smoothing : 0;
  const faint = [...going, ...(single && averaged.length > 1 ? averaged : [])];
  const common = { group, smooth: weight > 0, single: faint.map((one) => faintLine(one, axis, weight)) };
  const [{ run, series }] = averaged;
  if (averaged.length === 1) {
    const [x, y] = [series.xs(axis), weight > 0 ? series.smoothed(weight) : series.ys()];
    const raw = weight > 0 ? { run: run.run, x, y: series.ys() } : null;
    return { ...common, x, y, raw, band: null, at: (place) => indexAt(x, place, axis) };
  }
  const key = JSON.stringify([axis, weight, averaged.map((one) => [one.run.run, one.series.length])]);
  const { x, y, low, high } = means.get(group.name, key, () =>
    meanSeries(
      averaged.map((one) => one.series),
      axis,
      weight,
    ),
  );
  return { ...common, x, y, raw: null, band: { low, high }, at: (place) => indexAt(x, place, axis) };
}

interface Drawn {
  run: RunSnapshot;
  series: Series;
}

function faintLine({ run, series }: Drawn, axis: XAxis, weight: number): FaintLine {
  return { run: run.run, x: series.xs(axis), y: weight > 0 ? series.smoothed(weight) : series.ys() };
}

/** Steps are whole: what rounds to the last one is it. */
function indexAt(x: Numbers, place: number | null, axis: XAxis): number {
  if (place === null) return x.length - 1;
  if ((axis === 'step' ? Math.round(place) : place) > x[x.length - 1]) return -1;
  return placeIn(x, place);
}
