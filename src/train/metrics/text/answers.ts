/** Exact match and token F1 of answers, as SQuAD scores them (Rajpurkar et al. 2016, 2018). */
import { fMeasure, ngramCounts, shared } from './ngrams.ts';
import { answerWords, normalizeAnswer } from './words.ts';

/** 1 where both are the same but for case, punctuation, articles and blanks. */
export function exactMatch(predicted: string, truth: string): number {
  return normalizeAnswer(predicted) === normalizeAnswer(truth) ? 1 : 0;
}

/** F1 of the bags of words; of two answers of which one is empty, 1 if the other is too. */
export function tokenF1(predicted: string, truth: string): number {
  const a = answerWords(normalizeAnswer(predicted));
  const b = answerWords(normalizeAnswer(truth));
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 1 : 0;
  return fMeasure(shared(ngramCounts(a, 1), ngramCounts(b, 1)), a.length, b.length);
}
