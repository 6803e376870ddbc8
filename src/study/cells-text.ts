/** Cells of tables: a number and how it is shown. */
import { figureText, probabilityText, shareText, signedDistance } from '../evidence/figures.ts';
import { shortNumber } from '../runs/svg-chart.ts';
import type { TableCell } from './figures/figure.ts';
import type { PairedDifference, Score } from './scores.ts';

export const NOTHING: TableCell = { value: null, text: '–' };

export function scoreCell(metric: string, score: Score | null): TableCell {
  return score === null ? NOTHING : { value: score.mean, text: figureText(metric, score) };
}

export function numberCell(value: number | null, digits?: number): TableCell {
  if (value === null) return NOTHING;
  return { value, text: digits === undefined ? shortNumber(value) : value.toFixed(digits) };
}

export function distanceCell(metric: string, difference: number | null): TableCell {
  return difference === null ? NOTHING : { value: difference, text: signedDistance(metric, difference) };
}

export function intervalCell(
  metric: string,
  found: Pick<PairedDifference, 'difference' | 'interval'> | null,
): TableCell {
  if (found === null) return NOTHING;
  const { difference, interval } = found;
  const ends = interval?.map((end) => signedDistance(metric, end)).join(', ');
  const text = signedDistance(metric, difference);
  return { value: difference, text: ends === undefined ? text : `${text} [${ends}]` };
}

export function probabilityCell(p: number | null): TableCell {
  return p === null ? NOTHING : { value: p, text: probabilityText(p) };
}

export function shareCell(share: number | null): TableCell {
  return share === null ? NOTHING : { value: share, text: shareText(share) };
}

export function bytesCell(bytes: number | null): TableCell {
  return bytes === null ? NOTHING : { value: bytes, text: `${(bytes / 2 ** 20).toFixed(1)} MiB` };
}
