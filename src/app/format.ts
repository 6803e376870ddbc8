/**
 * Numbers, units and dates for people, in the language of the page. Every figure that the page shows goes
 * through here or through `i18n/count.ts`; what is typed into fields and stands in specs does not.
 */
import { preferences, type Language } from './state/preferences.ts';

const LOCALES: Record<Language, string> = { en: 'en-US', zh: 'zh-CN' };

const made = new Map<string, Intl.NumberFormat>();

/** Formatters are dear to make and asked for with every point of a curve. */
function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const locale = LOCALES[preferences.getState().language];
  const key = locale + JSON.stringify(options);
  const known = made.get(key) ?? new Intl.NumberFormat(locale, options);
  made.set(key, known);
  return known;
}

/** An ISO date as `Nov 25, 2026, 10:05 PM`. */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const locale = LOCALES[preferences.getState().language];
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** 1234567 as `1,234,567`. */
export function formatCount(value: number): string {
  return formatter({}).format(value);
}

/** With so many digits after the point: `0.50`. */
export function formatFixed(value: number, digits: number): string {
  return formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** With at most so many figures that count, an exponent where it is very small: `0.693`, `1.2E-5`. */
export function formatFigures(value: number, figures: number): string {
  const tiny = value !== 0 && Math.abs(value) < 1e-4;
  return formatter({
    maximumSignificantDigits: figures,
    useGrouping: false,
    ...(tiny && { notation: 'scientific' }),
  }).format(value);
}

/** A p value: two figures that count, or that it is below a thousandth. */
export function formatProbability(p: number): string {
  return p < 0.001 ? `< ${formatFixed(0.001, 3)}` : formatFigures(p, 2);
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes in binary units with three figures: `512 B`, `1.50 MiB`. The symbols are those of IEC 80000-13. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return `${formatCount(value)} B`;
  const size = Math.abs(value);
  return `${formatFixed(value, size >= 100 ? 0 : size >= 10 ? 1 : 2)} ${UNITS[unit]}`;
}

/** A share as per cent with enough figures to tell small ones apart: `0.87%`, `100%`. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = part / whole;
  const options: Intl.NumberFormatOptions =
    share === 1 || share === 0
      ? {}
      : share >= 0.1
        ? { minimumFractionDigits: 1, maximumFractionDigits: 1 }
        : { minimumSignificantDigits: 2, maximumSignificantDigits: 2 };
  return formatter({ style: 'percent', ...options }).format(share);
}

function inUnit(value: number, unit: string, options: Intl.NumberFormatOptions = {}): string {
  return formatter({ style: 'unit', unit, unitDisplay: 'short', ...options }).format(value);
}

/** Seconds as `8.4 sec`, `3 min 05 sec` or `2 hr 07 min`. */
export function formatSeconds(seconds: number, digits = 1): string {
  if (seconds < 60)
    return inUnit(seconds, 'second', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const two = { minimumIntegerDigits: 2 };
  const whole = Math.round(seconds);
  if (whole < 3600) return `${inUnit(Math.floor(whole / 60), 'minute')} ${inUnit(whole % 60, 'second', two)}`;
  const minutes = Math.round(whole / 60);
  return `${inUnit(Math.floor(minutes / 60), 'hour')} ${inUnit(minutes % 60, 'minute', two)}`;
}

/** Metrics in [0, 1] that people read as per cent. */
const PERCENT_METRICS = new Set(['accuracy', 'f1', 'exactMatch', 'tokenF1', 'rouge1', 'rouge2', 'rougeL']);

/** A metric's value: shares as per cent, BLEU and chrF from 0 to 100, correlations and losses as they are. */
export function formatMetric(name: string, value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (name === 'bleu' || name === 'chrf') return formatFixed(value, 1);
  if (!PERCENT_METRICS.has(name)) return formatFixed(value, 4);
  return formatter({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
}

/** How far two values of a metric lie apart, without a sign: `3.7` of shares, whose unit is a point and not a per cent. */
export function formatApart(name: string, difference: number): string {
  const size = Math.abs(difference);
  return PERCENT_METRICS.has(name) ? formatFixed(100 * size, 1) : formatMetric(name, size);
}

/** Milliseconds a step. */
export function formatMilliseconds(value: number): string {
  return formatFixed(value, value >= 100 ? 0 : 1);
}
