/**
 * Corpus chrF2 (Popović 2015) as sacreBLEU computes it by default: character n-grams up to 6 without blanks,
 * precision and recall averaged over the orders that occur, recall counted twice; 0 to 100.
 */
import { ngramCounts, shared } from './ngrams.ts';

const MAX_ORDER = 6;
const BETA_SQUARED = 4;

/** @param truth one reference for each prediction */
export function chrf(predicted: readonly string[], truth: readonly string[]): number {
  const counts = Array.from({ length: MAX_ORDER }, () => ({ predicted: 0, truth: 0, common: 0 }));
  predicted.forEach((text, i) => {
    const a = characters(text);
    const b = characters(truth[i]);
    counts.forEach((count, n) => {
      const inTruth = Math.max(0, b.length - n);
      count.truth += inTruth;
      count.common += shared(ngramCounts(a, n + 1), ngramCounts(b, n + 1));
      // n-grams longer than the reference cannot be right and are not held against the text.
      if (inTruth > 0) count.predicted += Math.max(0, a.length - n);
    });
  });
  const used = counts.filter((count) => count.predicted > 0 && count.truth > 0);
  if (used.length === 0) return 0;
  const mean = (side: 'predicted' | 'truth') =>
    used.reduce((sum, count) => sum + count.common / count[side], 0) / used.length;
  const precision = mean('predicted');
  const recall = mean('truth');
  if (precision + recall === 0) return 0;
  return (100 * (1 + BETA_SQUARED) * precision * recall) / (BETA_SQUARED * precision + recall);
}

function characters(text: string): string[] {
  return Array.from(text.replace(/\s+/gu, ''));
}
