/** Figures of a token-length survey: what the histogram shows. */
import type { LengthSurvey } from '../../data/analysis/lengths.ts';

export interface LengthBars {
  /** Rows by bar; each bar is `width` tokens wide, from 0. */
  bars: number[];
  width: number;
}

/** Bars of equal width for a histogram. */
export function lengthBars({ counts }: LengthSurvey, most = 40): LengthBars {
  const width = Math.max(1, Math.ceil(counts.length / most));
  const bars = Array.from({ length: Math.ceil(counts.length / width) }, (_, i) =>
    counts.slice(i * width, (i + 1) * width).reduce((sum, count) => sum + count, 0),
  );
  return { bars, width };
}

/** Rows of more than `maxLength` tokens. */
export function cutRows({ counts }: LengthSurvey, maxLength: number): number {
  return counts.slice(maxLength + 1).reduce((sum, count) => sum + count, 0);
}

/** The number of tokens that at least half of the rows do not exceed. */
export function medianLength({ counts, rows }: LengthSurvey): number {
  let seen = 0;
  for (const [length, count] of counts.entries()) {
    seen += count;
    if (2 * seen >= rows) return length;
  }
  return 0;
}
