/** Numbers and dates for people, in the language of the page. */
import { preferences } from './state/preferences.ts';

const chinese = (): boolean => preferences.getState().language === 'zh';
const locale = (): string => (chinese() ? 'zh-CN' : 'en-US');

/** An ISO date as `Nov 25, 2026, 10:05 PM`. */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** 1234567 as `1,234,567`. */
export function formatCount(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** Bytes in binary units with three figures: `512 B`, `1.50 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${value} B` : `${figures(value)} ${units[unit]}`;
}

/** Three figures, but no exponent and no cut thousands: 0.123, 4.56, 78.9, 1234. */
function figures(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** A share as per cent with enough figures to tell small ones apart: `0.87 %`, `100 %`. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (100 * part) / whole;
  return `${percent === 100 ? '100' : percent >= 10 ? percent.toFixed(1) : percent.toPrecision(2)} %`;
}

/** Seconds as `8.4 s` or `3 min 05 s`. */
export function formatSeconds(seconds: number): string {
  const [minute, second] = chinese() ? ['分', '秒'] : ['min', 's'];
  if (seconds < 60) return `${seconds.toFixed(1)} ${second}`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} ${minute} ${String(whole % 60).padStart(2, '0')} ${second}`;
}

/** Metrics in [0, 1] that people read as per cent. */
const PERCENT_METRICS = new Set(['accuracy', 'f1']);

/** A metric's value: accuracy and F1 as per cent, correlations and losses as they are. */
export function formatMetric(name: string, value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return PERCENT_METRICS.has(name) ? `${(100 * value).toFixed(1)} %` : value.toFixed(4);
}

/** Milliseconds a step. */
export function formatMilliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
