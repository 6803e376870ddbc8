/** Curves of a method over its seeds: the mean at each step, and a band around it. */
import { bandOf } from '../../evidence/report/curves.ts';
import { mean } from '../../evidence/samples.ts';
import type { Series, XAxis } from './series.ts';

/** Points by rising x. */
export interface MeanCurve {
  x: Float64Array;
  y: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/**
 * The mean of the curves' values at each step that any of them has, with Student's band, no wider than they are apart.
 * @param smoothing of each curve before the mean is taken; 0 for none
 */
export function meanSeries(series: readonly Series[], axis: XAxis, smoothing = 0): MeanCurve {
  const band = bandOf(
    series.map((one) => {
      const [steps, values] = [one.xs('step'), smoothing > 0 ? one.smoothed(smoothing) : one.ys()];
      return Array.from(steps, (step, i) => [step, values[i]] as const);
    }),
  );
  const places = axis === 'step' ? null : meanPlaces(series, axis);
  return {
    x: Float64Array.from(band, ({ x }) => places?.get(x) ?? x),
    y: Float64Array.from(band, ({ y }) => y),
    low: Float64Array.from(band, ({ low }) => low),
    high: Float64Array.from(band, ({ high }) => high),
  };
}

/** Where the curves are on another axis at each step, on average. */
function meanPlaces(series: readonly Series[], axis: XAxis): Map<number, number> {
  const places = new Map<number, number[]>();
  for (const one of series) {
    const [steps, at] = [one.xs('step'), one.xs(axis)];
    for (let i = 0; i < steps.length; i++) places.set(steps[i], [...(places.get(steps[i]) ?? []), at[i]]);
  }
  return new Map(Array.from(places, ([step, at]) => [step, mean(at)]));
}

/** Index of the last point at or before x, or the first; -1 without points. */
export function placeIn(x: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return high < 0 ? -1 : low;
}
