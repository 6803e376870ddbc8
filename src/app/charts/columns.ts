/**
 * Curves as the columns that uPlot wants: one array of positions, and a column for each curve. Few points are
 * kept as they are; many are cut into equal pieces of the axis, and each piece keeps a curve's lowest and highest
 * point, so that no spike is lost.
 */

export interface Points {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Keeps a piece's last point alone: for a moving average, which has no spikes to lose. */
  smooth?: boolean;
}

/** Positions, then the columns; null where a curve has no point. */
export type Columns = [x: number[], ...ys: (number | null)[][]];

/**
 * @param curves points in ascending order of x
 * @param pieces of the axis, when there are more points than twice that
 * @param drawable which values can be drawn: on a logarithmic axis only those above zero
 */
export function columns(
  curves: readonly Points[],
  pieces: number,
  drawable: (y: number) => boolean = Number.isFinite,
): Columns {
  const all = curves.reduce((most, { x }) => Math.max(most, x.length), 0);
  return all <= 2 * pieces ? joined(curves, drawable) : cut(curves, pieces, drawable);
}

function joined(curves: readonly Points[], drawable: (y: number) => boolean): Columns {
  const places = new Set<number>();
  for (const { x } of curves) for (let i = 0; i < x.length; i++) places.add(x[i]);
  const xs = [...places].sort((a, b) => a - b);
  const index = new Map(xs.map((x, i) => [x, i]));
  const ys = curves.map(({ x, y }) => {
    const column = new Array<number | null>(xs.length).fill(null);
    for (let i = 0; i < x.length; i++) if (drawable(y[i])) column[index.get(x[i])!] = y[i];
    return column;
  });
  return [xs, ...ys];
}

function cut(curves: readonly Points[], pieces: number, drawable: (y: number) => boolean): Columns {
  let from = Infinity;
  let to = -Infinity;
  for (const { x } of curves) {
    if (x.length === 0) continue;
    from = Math.min(from, x[0]);
    to = Math.max(to, x[x.length - 1]);
  }
  const width = (to - from) / pieces || 1;
  const xs = Array.from({ length: 2 * pieces }, (_, i) => from + ((i + 0.5) / 2) * width);
  const ys = curves.map(({ x, y, smooth }) => {
    const column = new Array<number | null>(2 * pieces).fill(null);
    let piece = -1;
    let low = -1;
    let high = -1;
    const put = (): void => {
      if (low < 0) return;
      column[2 * piece] = y[Math.min(low, high)];
      if (low !== high) column[2 * piece + 1] = y[Math.max(low, high)];
    };
    for (let i = 0; i < x.length; i++) {
      const here = Math.min(pieces - 1, Math.floor((x[i] - from) / width));
      if (here !== piece) {
        put();
        piece = here;
        low = high = -1;
      }
      if (!drawable(y[i])) continue;
      if (low < 0 || smooth) low = high = i;
      else if (y[i] < y[low]) low = i;
      else if (y[i] > y[high]) high = i;
    }
    put();
    return column;
  });
  return [xs, ...ys];
}
