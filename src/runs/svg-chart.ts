/** A line chart as static SVG text: no script, no external resource, readable in light and dark. */

export interface ChartSeries {
  name: string;
  /** CSS colour. */
  color: string;
  /** By rising x. */
  points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  title: string;
  xLabel: string;
  yLabel: string;
  width?: number;
  height?: number;
}

const MARGIN = { top: 16, right: 16, bottom: 40, left: 56 };

/** Text safe inside HTML and attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Four to eight round values that cover [low, high]. */
export function ticks(low: number, high: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A number as a label: at most four significant digits. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(4)));
}

/** The chart, or a sentence where there is nothing to draw. */
export function lineChart(series: readonly ChartSeries[], options: ChartOptions): string {
  const { title, xLabel, yLabel, width = 640, height = 300 } = options;
  const drawn = series
    .map((one) => ({ ...one, points: one.points.filter(([, y]) => Number.isFinite(y)) }))
    .filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return `<p>${escapeHtml(title)}: nothing was measured.</p>`;
  const xs = drawn.flatMap(({ points }) => points.map(([x]) => x));
  const ys = drawn.flatMap(({ points }) => points.map(([, y]) => y));
  const [x0, x1] = range(xs);
  const [y0, y1] = range(ys);
  const inner = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  const px = (x: number) => (MARGIN.left + ((x - x0) / (x1 - x0)) * inner.width).toFixed(1);
  const py = (y: number) => (MARGIN.top + (1 - (y - y0) / (y1 - y0)) * inner.height).toFixed(1);
  const right = MARGIN.left + inner.width;
  const bottom = MARGIN.top + inner.height;
  const grid = ticks(y0, y1).map(
    (y) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${right}" y1="${py(y)}" y2="${py(y)}"/>` +
      `<text x="${MARGIN.left - 6}" y="${py(y)}" dy="0.32em" text-anchor="end">${shortNumber(y)}</text>`,
  );
  const marks = ticks(x0, x1).map(
    (x) => `<text x="${px(x)}" y="${bottom + 16}" text-anchor="middle">${shortNumber(x)}</text>`,
  );
  const lines = drawn.map(({ name, color, points }) => {
    const path = points.map(([x, y]) => `${px(x)},${py(y)}`).join(' ');
    const dots =
      points.length > 40
        ? ''
        : points.map(([x, y]) => `<circle cx="${px(x)}" cy="${py(y)}" r="2.5" fill="${color}"/>`).join('');
    return (
      `<g><title>${escapeHtml(name)}</title>` +
      `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="1.8"/>${dots}</g>`
    );
  });
  return (
    `<figure><figcaption>${escapeHtml(title)}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">` +
    `${grid.join('')}${marks.join('')}${lines.join('')}` +
    `<text x="${(MARGIN.left + right) / 2}" y="${height - 6}" text-anchor="middle">${escapeHtml(xLabel)}</text>` +
    `<text transform="translate(12 ${(MARGIN.top + bottom) / 2}) rotate(-90)" text-anchor="middle">` +
    `${escapeHtml(yLabel)}</text></svg></figure>`
  );
}

/** Lowest and highest, apart even where all values are one. */
function range(values: readonly number[]): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  if (high > low) return [low, high];
  const pad = Math.abs(low) > 0 ? Math.abs(low) / 2 : 0.5;
  return [low - pad, high + pad];
}
