/** All metrics of generated texts against their references. */
import { exactMatch, tokenF1 } from './answers.ts';
import { bleu } from './bleu.ts';
import { bootstrapIntervals, type Interval } from './bootstrap.ts';
import { chrf } from './chrf.ts';
import { rouge } from './rouge.ts';

export interface TextScores {
  /** `exactMatch`, `tokenF1`, `rouge1`, `rouge2`, `rougeL` from 0 to 1; `bleu`, `chrf` from 0 to 100. */
  metrics: Record<string, number>;
  /** 95 % intervals of the metrics that are means over rows. */
  intervals: Record<string, Interval>;
}

/**
 * @param predicted generated texts
 * @param truth one reference each
 * @param seed of the resampling behind the intervals
 */
export function scoreTexts(predicted: readonly string[], truth: readonly string[], seed: number): TextScores {
  if (predicted.length === 0 || predicted.length !== truth.length)
    throw new Error(`internal: ${predicted.length} texts for ${truth.length} references`);
  const rouges = predicted.map((text, i) => rouge(text, truth[i]));
  const rows = {
    exactMatch: predicted.map((text, i) => exactMatch(text, truth[i])),
    tokenF1: predicted.map((text, i) => tokenF1(text, truth[i])),
    rouge1: rouges.map(({ rouge1 }) => rouge1),
    rouge2: rouges.map(({ rouge2 }) => rouge2),
    rougeL: rouges.map(({ rougeL }) => rougeL),
  };
  const means = Object.entries(rows).map(([name, values]) => [
    name,
    values.reduce((sum, value) => sum + value, 0) / values.length,
  ]);
  return {
    metrics: {
      ...(Object.fromEntries(means) as Record<string, number>),
      bleu: bleu(predicted, truth),
      chrf: chrf(predicted, truth),
    },
    intervals: bootstrapIntervals(rows, seed),
  };
}
