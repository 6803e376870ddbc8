/** All metrics of generated texts against their references. */
import { exactMatch, tokenF1 } from './answers.ts';
import { bleu } from './bleu.ts';
import { bootstrapIntervals, type Interval } from './bootstrap.ts';
import { chrf } from './chrf.ts';
import { rouge, type Rouge } from './rouge.ts';

export interface TextScores {
  /** `exactMatch`, `tokenF1`, `rouge1`, `rouge2`, `rougeL` from 0 to 1; `bleu`, `chrf` from 0 to 100. */
  metrics: Record<string, number>;
  /** 95 % intervals of the metrics that are means over rows. */
  intervals: Record<string, Interval>;
}

/**
 * @param predicted generated texts
 * @param truth references of each; the best counts
 * @param seed of the resampling behind the intervals
 */
export function scoreTexts(
  predicted: readonly string[],
  truth: readonly (readonly string[])[],
  seed: number,
): TextScores {
  if (predicted.length === 0 || predicted.length !== truth.length)
    throw new Error(`internal: ${predicted.length} texts for ${truth.length} references`);
  const rows = rowScores(predicted, truth);
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

/** Metrics that are means over rows. */
export const ROW_METRICS = ['exactMatch', 'tokenF1', 'rouge1', 'rouge2', 'rougeL'] as const;

/** Those metrics of each row: the best over its references. */
export function rowScores(
  predicted: readonly string[],
  truth: readonly (readonly string[])[],
): Record<(typeof ROW_METRICS)[number], number[]> {
  const best = (score: (predicted: string, truth: string) => number): number[] =>
    predicted.map((text, i) => Math.max(...truth[i].map((reference) => score(text, reference))));
  const rouges = predicted.map((text, i) => truth[i].map((reference) => rouge(text, reference)));
  const bestRouge = (name: keyof Rouge) =>
    rouges.map((scores) => Math.max(...scores.map((score) => score[name])));
  return {
    exactMatch: best(exactMatch),
    tokenF1: best(tokenF1),
    rouge1: bestRouge('rouge1'),
    rouge2: bestRouge('rouge2'),
    rougeL: bestRouge('rougeL'),
  };
}
