/** Charts that the page draws otherwise, as SVG that stands alone: curves of a canvas, bars of HTML. */
import { escapeHtml, ticks } from '../../runs/svg-chart.ts';

export interface DrawnCurve {
  name: string;
  color: string;
  dash: readonly number[];
  /** The raw points behind a smoothed line: without a name. */
  faint?: boolean;
  points: readonly (readonly [x: number, y: number])[];
}

export interface CurveChart {
  title: string;
  xName: string;
  xMax: number;
  log: boolean;
  curves: readonly DrawnCurve[];
  formatX: (x: number) => string;
  formatY: (y: number) => string;
}

const WIDTH = 720;
const PLOT = { left: 64, right: 700, top: 40, bottom: 300 };
const LINE_HEIGHT = 20;
const [TEXT, MUTED, LINE] = ['#1c1e21', '#5b6067', '#dcdcd5'];
const FONT = 'system-ui, -apple-system, &quot;Segoe UI&quot;, Roboto, &quot;Noto Sans&quot;, sans-serif';

/** A whole SVG file on white, with the title on top. */
function page(title: string, height: number, body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
    `font-family="${FONT}" font-size="12" fill="${TEXT}"><title>${escapeHtml(title)}</title>` +
    `<rect width="100%" height="100%" fill="#ffffff"/>` +
    `<text x="16" y="22" font-size="14" font-weight="600">${escapeHtml(title)}</text>${body}</svg>`
  );
}

/** Curves over steps, time or tokens; points that are no numbers are left out, and on a logarithmic axis those ≤ 0. */
export function curvesSvg({ title, xName, xMax, log, curves, formatX, formatY }: CurveChart): string {
  const scale = (y: number): number => (log ? Math.log10(y) : y);
  const drawn = curves
    .map((curve) => ({
      ...curve,
      points: curve.points.filter(([x, y]) => x <= xMax && Number.isFinite(y) && (!log || y > 0)),
    }))
    .filter(({ points }) => points.length > 0);
  const ys = drawn.flatMap(({ points }) => points.map(([, y]) => scale(y)));
  const low = ys.reduce((a, b) => Math.min(a, b), Infinity);
  const high = ys.reduce((a, b) => Math.max(a, b), -Infinity);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  const [y0, y1] = ys.length > 0 ? [low - room, high + room] : [0, 1];
  const px = (x: number): string => (PLOT.left + (x / xMax) * (PLOT.right - PLOT.left)).toFixed(1);
  const py = (y: number): string =>
    (PLOT.bottom - ((scale(y) - y0) / (y1 - y0)) * (PLOT.bottom - PLOT.top)).toFixed(1);
  const marks = ticks(y0, y1).map((tick) => (log ? 10 ** tick : tick));
  const grid = marks.map(
    (y) =>
      `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${py(y)}" y2="${py(y)}" stroke="${LINE}"/>` +
      `<text x="${PLOT.left - 8}" y="${py(y)}" dy="4" text-anchor="end" fill="${MUTED}">${escapeHtml(formatY(y))}</text>`,
  );
  const below = ticks(0, xMax).map(
    (x) =>
      `<text x="${px(x)}" y="${PLOT.bottom + 18}" text-anchor="middle" fill="${MUTED}">${escapeHtml(formatX(x))}</text>`,
  );
  const lines = drawn.map(({ color, dash, faint, points }) => {
    const dashes = dash.length > 0 && !faint ? ` stroke-dasharray="${dash.join(' ')}"` : '';
    const [width, opacity] = faint ? [1, 0.25] : [2, 1];
    const way = points.map(([x, y]) => `${px(x)},${py(y)}`).join(' ');
    return `<polyline points="${way}" fill="none" stroke="${color}" stroke-width="${width}" stroke-opacity="${opacity}"${dashes}/>`;
  });
  const named = drawn.filter(({ faint }) => !faint);
  const legend = named.map(({ name, color, dash }, i) => {
    const y = PLOT.bottom + 58 + i * LINE_HEIGHT;
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
    return (
      `<line x1="${PLOT.left}" x2="${PLOT.left + 26}" y1="${y - 4}" y2="${y - 4}" stroke="${color}" stroke-width="2"${dashes}/>` +
      `<text x="${PLOT.left + 34}" y="${y}">${escapeHtml(name)}</text>`
    );
  });
  const middle = (PLOT.left + PLOT.right) / 2;
  const axis = `<text x="${middle}" y="${PLOT.bottom + 36}" text-anchor="middle" fill="${MUTED}">${escapeHtml(xName)}</text>`;
  const height = PLOT.bottom + 60 + named.length * LINE_HEIGHT;
  return page(title, height, [...grid, ...below, ...lines, axis, ...legend].join(''));
}

export interface DrawnBar {
  name: string;
  /** Parts one after another, each a share of the whole width. */
  parts: readonly { share: number; color: string }[];
  /** What stands at its end. */
  text: string;
}

/** Bars below one another, with their names before and their figures behind. */
export function barsSvg(
  title: string,
  bars: readonly DrawnBar[],
  legend: readonly { name: string; color: string }[] = [],
): string {
  const [from, to] = [200, 600];
  const rows = bars.map(({ name, parts, text }, i) => {
    const y = 44 + i * 26;
    let x = from;
    const drawn = parts.map(({ share, color }) => {
      const width = Math.max(0, share) * (to - from);
      const part = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="16" fill="${color}"/>`;
      x += width;
      return part;
    });
    return (
      `<text x="${from - 10}" y="${y + 13}" text-anchor="end">${escapeHtml(name)}</text>${drawn.join('')}` +
      `<text x="${(x + 8).toFixed(1)}" y="${y + 13}" fill="${MUTED}">${escapeHtml(text)}</text>`
    );
  });
  const top = 60 + bars.length * 26;
  const keys = legend.map(
    ({ name, color }, i) =>
      `<rect x="${from}" y="${top + i * LINE_HEIGHT}" width="12" height="12" fill="${color}"/>` +
      `<text x="${from + 20}" y="${top + i * LINE_HEIGHT + 10}">${escapeHtml(name)}</text>`,
  );
  return page(title, top + legend.length * LINE_HEIGHT + 12, [...rows, ...keys].join(''));
}
