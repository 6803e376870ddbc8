/** ROUGE (Lin 2004): F-measures of a text against one reference, as `rouge_score` has them, without stemming. */
import { fMeasure, ngramCounts, shared } from './ngrams.ts';
import { rougeWords } from './words.ts';

export interface Rouge {
  rouge1: number;
  rouge2: number;
  rougeL: number;
}

export function rouge(predicted: string, truth: string): Rouge {
  const a = rougeWords(predicted);
  const b = rougeWords(truth);
  const ofOrder = (order: number): number =>
    fMeasure(
      shared(ngramCounts(a, order), ngramCounts(b, order)),
      Math.max(0, a.length - order + 1),
      Math.max(0, b.length - order + 1),
    );
  return {
    rouge1: ofOrder(1),
    rouge2: ofOrder(2),
    rougeL: fMeasure(commonSubsequence(a, b), a.length, b.length),
  };
}

/** Length of the longest common subsequence, one row of the table at a time. */
export function commonSubsequence(a: readonly string[], b: readonly string[]): number {
  let previous = new Int32Array(b.length + 1);
  for (const unit of a) {
    const row = new Int32Array(b.length + 1);
    for (let j = 1; j <= b.length; j++)
      row[j] = unit === b[j - 1] ? previous[j - 1] + 1 : Math.max(previous[j], row[j - 1]);
    previous = row;
  }
  return previous[b.length];
}
