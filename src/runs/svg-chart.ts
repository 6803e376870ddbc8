/** What charts as static SVG text are made of: readable in light and dark, and in any language. */

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

const LARGE = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e5, 'k'],
] as const;

/** A number as a label: at most four significant digits; of thousands, millions and more three. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value !== 0 && size < 1e-3) return value.toExponential(1);
  const [from, mark] = LARGE.find(([least]) => size >= least) ?? [0, ''];
  if (from === 0) return String(Number(value.toPrecision(4)));
  return `${Number((value / (mark === 'k' ? 1e3 : from)).toPrecision(3))} ${mark}`;
}
