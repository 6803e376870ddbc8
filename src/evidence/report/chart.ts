/** Charts of a report as static SVG: curves with their bands, and scores with their intervals. */
import { escapeHtml, shortNumber, ticks } from '../../runs/svg-chart.ts';
import { english, type Sentence, type Told } from '../../sentence.ts';
import type { Interval } from '../samples.ts';
import type { Bilingual } from './bilingual.ts';
import type { Band } from './curves.ts';

export interface CurveSeries {
  name: Told;
  /** CSS colour. */
  color: string;
  mean: Band;
  /** Single runs, by rising x. */
  runs: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** A line at a score that takes no training. */
export interface ReferenceLine {
  name: Sentence;
  value: number;
}

export interface ScoreMark {
  name: Told;
  color: string;
  mean: number;
  interval: Interval | null;
}

const WIDTH = 680;
const HEIGHT = 320;
const MARGIN = { top: 16, right: 16, bottom: 40, left: 56 };
const DASHES = ['6 4', '2 3'];
/** Of a label. */
const LINE_HEIGHT = 12;

/** Lowest and highest, apart even where all values are one. */
function range(values: readonly number[]): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const pad = high > low ? (high - low) * 0.04 : Math.abs(low) / 2 || 0.5;
  return [low - pad, high + pad];
}

const scale = (low: number, high: number, from: number, to: number) => (value: number) =>
  (from + ((value - low) / (high - low)) * (to - from)).toFixed(1);

/** A picture without what stands around it. */
export interface Drawing {
  width: number;
  height: number;
  parts: readonly string[];
}

const plain = (told: Told): string => (typeof told === 'string' ? told : english(told));

/** Null where nothing was measured. */
export function curveChart(
  series: readonly CurveSeries[],
  references: readonly ReferenceLine[],
  titles: { title: Sentence; x: Sentence },
  language: Bilingual,
): string | null {
  const drawing = curveDrawing(series, references, titles, language);
  return drawing && figure(titles.title, drawing, language);
}

/** Dots of series that were measured at one place. */
const DOTS_APART = 10;

/** @param titles.logarithmic in x; all of it is above 0 */
export function curveDrawing(
  series: readonly CurveSeries[],
  references: readonly ReferenceLine[],
  titles: { x: Sentence; logarithmic?: boolean },
  language: Bilingual,
): Drawing | null {
  const drawn = series.filter(({ mean }) => mean.length > 0);
  if (drawn.length === 0) return null;
  const across = titles.logarithmic === true ? Math.log10 : (x: number): number => x;
  const values = drawn.flatMap(({ mean }) => mean.map(({ x }) => x));
  const [x0, x1] = range(values.map(across));
  const [y0, y1] = range([
    ...drawn.flatMap(({ mean }) => mean.flatMap(({ low, high }) => [low, high])),
    ...references.map(({ value }) => value),
  ]);
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const along = scale(x0, x1, MARGIN.left, right);
  const px = (x: number): string => along(across(x));
  const py = scale(y0, y1, bottom, MARGIN.top);
  const grid = ticks(y0, y1).map(
    (y) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${right}" y1="${py(y)}" y2="${py(y)}"/>` +
      `<text x="${MARGIN.left - 6}" y="${py(y)}" dy="0.32em" text-anchor="end">${shortNumber(y)}</text>`,
  );
  // On a logarithmic scale what was measured is marked.
  const places = titles.logarithmic === true ? [...new Set(values)] : ticks(Math.max(0, x0), x1);
  const marks = places.map(
    (x) => `<text x="${px(x)}" y="${bottom + 16}" text-anchor="middle">${shortNumber(x)}</text>`,
  );
  const points = (line: readonly (readonly [number, number])[]): string =>
    line.map(([x, y]) => `${px(x)},${py(y)}`).join(' ');
  const alone = drawn.filter(({ mean }) => mean.length === 1);
  const curves = drawn.map((one) => {
    const { name, color, mean, runs } = one;
    // What was measured once is no line: a dot with its interval, beside the others'.
    if (mean.length === 1) {
      const [{ x, y, low, high }] = mean;
      const at = (Number(px(x)) + DOTS_APART * (alone.indexOf(one) - (alone.length - 1) / 2)).toFixed(1);
      return (
        `<g>${language.title(name)}` +
        (high > low
          ? `<line x1="${at}" x2="${at}" y1="${py(low)}" y2="${py(high)}" stroke="${color}" stroke-width="2" stroke-opacity="0.4"/>`
          : '') +
        `<circle cx="${at}" cy="${py(y)}" r="3.5" fill="${color}"/></g>`
      );
    }
    const outline = [
      ...mean.map(({ x, high }) => [x, high] as const),
      ...[...mean].reverse().map(({ x, low }) => [x, low] as const),
    ];
    const wide = mean.some(({ low, high }) => high > low);
    const single = runs.length < 2 ? [] : runs.filter((run) => run.length > 0);
    return (
      `<g>${language.title(name)}` +
      (wide ? `<polygon points="${points(outline)}" fill="${color}" fill-opacity="0.15"/>` : '') +
      single
        .map(
          (run) =>
            `<polyline class="seed" points="${points(run)}" fill="none" stroke="${color}" stroke-opacity="0.45" stroke-width="0.8"/>`,
        )
        .join('') +
      `<polyline points="${points(mean.map(({ x, y }) => [x, y]))}" fill="none" stroke="${color}" stroke-width="2"/></g>`
    );
  });
  const lines = references.map(
    ({ name, value }, i) =>
      `<line class="reference" stroke-dasharray="${DASHES[i % DASHES.length]}" x1="${MARGIN.left}" x2="${right}" y1="${py(value)}" y2="${py(value)}"/>` +
      // Of lines that lie upon each other the second is named at its other end.
      (i > 0 && Math.abs(Number(py(value)) - Number(py(references[i - 1].value))) < LINE_HEIGHT
        ? language.svg(name, `x="${MARGIN.left + 4}" y="${py(value)}" dy="-0.3em" text-anchor="start"`)
        : language.svg(name, `x="${right}" y="${py(value)}" dy="-0.3em" text-anchor="end"`)),
  );
  const axis = language.svg(
    titles.x,
    `x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle"`,
  );
  return { width: WIDTH, height: HEIGHT, parts: [...grid, ...marks, ...curves, ...lines, axis] };
}

/** A row for each method: its mean and its interval. */
export function scoreChart(
  scores: readonly ScoreMark[],
  references: readonly ReferenceLine[],
  titles: { title: Sentence; tick: (value: number) => string },
  language: Bilingual,
): string | null {
  const drawing = scoreDrawing(scores, references, titles, language);
  return drawing && figure(titles.title, drawing, language);
}

export function scoreDrawing(
  scores: readonly ScoreMark[],
  references: readonly ReferenceLine[],
  titles: { tick: (value: number) => string },
  language: Bilingual,
): Drawing | null {
  if (scores.length === 0) return null;
  const row = 26;
  const left = Math.max(130, 20 + 6.5 * Math.max(...scores.map(({ name }) => plain(name).length)));
  const top = 24;
  const bottom = top + scores.length * row;
  const right = WIDTH - MARGIN.right;
  const [x0, x1] = range([
    ...scores.flatMap(({ mean, interval }) => [mean, ...(interval ?? [])]),
    ...references.map(({ value }) => value),
  ]);
  const px = scale(x0, x1, left, right);
  const grid = ticks(x0, x1).map(
    (x) =>
      `<line class="grid" x1="${px(x)}" x2="${px(x)}" y1="${top}" y2="${bottom}"/>` +
      `<text x="${px(x)}" y="${bottom + 16}" text-anchor="middle">${escapeHtml(titles.tick(x))}</text>`,
  );
  const lines = references.map(
    ({ name, value }, i) =>
      `<line class="reference" stroke-dasharray="${DASHES[i % DASHES.length]}" x1="${px(value)}" x2="${px(value)}" y1="${top}" y2="${bottom}"/>` +
      language.svg(name, `x="${px(value)}" y="${8 + i * 11}" text-anchor="start"`),
  );
  const marks = scores.map(({ name, color, mean, interval }, i) => {
    const y = top + (i + 0.5) * row;
    const ends = interval ?? [mean, mean];
    return (
      language.svg(name, `x="${left - 10}" y="${y}" dy="0.32em" text-anchor="end"`) +
      `<line x1="${px(ends[0])}" x2="${px(ends[1])}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="3" stroke-opacity="0.5"/>` +
      `<circle cx="${px(mean)}" cy="${y}" r="5" fill="${color}"/>`
    );
  });
  return { width: WIDTH, height: bottom + 26, parts: [...grid, ...lines, ...marks] };
}

function figure(title: Sentence, { width, height, parts }: Drawing, language: Bilingual): string {
  return (
    `<figure><figcaption>${language.html(title)}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img">${parts.join('')}</svg></figure>`
  );
}
