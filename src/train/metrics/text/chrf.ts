/**
 * Corpus chrF2 (Popović 2015) as sacreBLEU computes it by default: character n-grams up to 6 without blanks,
 * precision and recall averaged over the orders that occur, recall counted twice; 0 to 100.
 */
import { ngramCounts, shared } from './ngrams.ts';

const MAX_ORDER = 6;
const BETA_SQUARED = 4;

interface OrderCount {
  predicted: number;
  truth: number;
  common: number;
}

/** @param truth references of each prediction: of several the best counts */
export function chrf(predicted: readonly string[], truth: readonly (readonly string[])[]): number {
  const total = Array.from({ length: MAX_ORDER }, (): OrderCount => ({ predicted: 0, truth: 0, common: 0 }));
  predicted.forEach((text, i) => {
    const a = characters(text);
    let best: { score: number; counts: OrderCount[] } | undefined;
    for (const reference of truth[i]) {
      const counts = compare(a, characters(reference));
      const score = scoreOf(counts);
      if (!best || score > best.score) best = { score, counts };
    }
    best?.counts.forEach((count, n) => {
      for (const side of ['predicted', 'truth', 'common'] as const) total[n][side] += count[side];
    });
  });
  return scoreOf(total);
}

function compare(a: readonly string[], b: readonly string[]): OrderCount[] {
  return Array.from({ length: MAX_ORDER }, (_, n) => {
    const truth = Math.max(0, b.length - n);
    return {
      // n-grams longer than the reference cannot be right and are not held against the text.
      predicted: truth > 0 ? Math.max(0, a.length - n) : 0,
      truth,
      common: shared(ngramCounts(a, n + 1), ngramCounts(b, n + 1)),
    };
  });
}

function scoreOf(counts: readonly OrderCount[]): number {
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
