/** Scores as text, alike in sentences, tables and reports. */
import { say, type SentenceValue } from '../sentence.ts';
import type { Interval } from './samples.ts';

/** Metrics that are shares of one, shown in percent. */
const SHARES = new Set(['accuracy', 'f1', 'exactMatch', 'tokenF1', 'rouge1', 'rouge2', 'rougeL', 'macroF1']);
/** Metrics from 0 to 100. */
const POINTS = new Set(['bleu', 'chrf']);

function scaleOf(metric: string): { factor: number; digits: number; unit: string } {
  if (SHARES.has(metric)) return { factor: 100, digits: 1, unit: ' %' };
  return POINTS.has(metric) ? { factor: 1, digits: 1, unit: '' } : { factor: 1, digits: 3, unit: '' };
}

/** Are differences of it told in points? */
export function inPoints(metric: string): boolean {
  return SHARES.has(metric) || POINTS.has(metric);
}

/** `84.1 %` or `0.423` */
export function scoreText(metric: string, value: number): string {
  const { factor, digits, unit } = scaleOf(metric);
  return `${signed((value * factor).toFixed(digits))}${unit}`;
}

/** A difference without its sign, in points or in the metric's own units. */
export function distanceText(metric: string, difference: number): string {
  const { factor, digits } = scaleOf(metric);
  return (Math.abs(difference) * factor).toFixed(digits);
}

/** Metrics that have a sign and end at one. */
const CORRELATIONS = new Set(['matthews', 'pearson', 'spearman']);

/** An interval as far as the metric goes: Student's of two or three seeds may reach far beyond. */
export function shownInterval(metric: string, [low, high]: Interval): Interval {
  if (CORRELATIONS.has(metric)) return [Math.max(-1, low), Math.min(1, high)];
  if (inPoints(metric)) return [Math.max(0, low), Math.min(100 / scaleOf(metric).factor, high)];
  return [low, high];
}

/** `84.1 ± 0.6 %`; `84.1 % [81.5, 86.4]` where the ends are not equally far. */
export function figureText(
  metric: string,
  { mean, interval: whole }: { mean: number; interval: Interval | null },
): string {
  if (whole === null) return scoreText(metric, mean);
  const interval = shownInterval(metric, whole);
  const { factor, digits, unit } = scaleOf(metric);
  const text = (value: number): string => signed((value * factor).toFixed(digits));
  const [below, above] = [mean - interval[0], interval[1] - mean];
  return Math.abs(below - above) * factor < 10 ** -digits / 2
    ? `${text(mean)} ± ${text(above)}${unit}`
    : `${text(mean)}${unit} [${text(interval[0])}, ${text(interval[1])}]`;
}

/** `0.4 points`, or the plain number of a metric that has none. */
export function distanceWords(metric: string, difference: number): SentenceValue {
  const text = distanceText(metric, difference);
  return inPoints(metric) ? say`${text} points` : text;
}

/** `+0.4`, `−1.2` */
export function signedDistance(metric: string, difference: number): string {
  const text = distanceText(metric, difference);
  if (Number(text) === 0) return text;
  return `${difference < 0 ? '−' : '+'}${text}`;
}

/** With the sign that is as wide as a digit. */
function signed(text: string): string {
  return text.replace('-', '−');
}

/** A p value: three digits, or that it is below them. */
export function probabilityText(p: number): string {
  return p < 0.001 ? '< 0.001' : String(Number(p.toPrecision(2)));
}

/** A share in percent, two digits of it: `41 %`, `1.8 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  return `${percent >= 10 ? percent.toFixed(0) : String(Number(percent.toPrecision(2)))} %`;
}

/** `17.7 MiB` */
export function mebibytesText(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Seconds as a sentence has them: two figures of short ones, whole ones of others. */
export function secondsText(seconds: number): string {
  return seconds < 10 ? String(Number(seconds.toPrecision(2))) : seconds.toFixed(0);
}
