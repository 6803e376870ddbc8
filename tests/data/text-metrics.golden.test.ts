/** Scores of generated texts against sacreBLEU and torchmetrics (tools/text-metrics-golden.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exactMatch, tokenF1 } from '../../src/train/metrics/text/answers.ts';
import { bleu, splitChinese, splitWestern } from '../../src/train/metrics/text/bleu.ts';
import { chrf } from '../../src/train/metrics/text/chrf.ts';
import { rouge } from '../../src/train/metrics/text/rouge.ts';
import { scoreTexts } from '../../src/train/metrics/text/score.ts';

interface Golden {
  pairs: [predicted: string, truth: string][];
  rouge: { rouge1: number; rouge2: number; rougeL: number }[];
  answers?: { exactMatch: number; tokenF1: number }[];
  tokens: string[][];
  corpora: { bleu: number; chrf: number }[];
  slices: [number, number][];
}
const golden = JSON.parse(
  readFileSync(new URL('./text-metrics.golden.json', import.meta.url), 'utf8'),
) as Record<'english' | 'chinese', Golden> & {
  references: { predicted: string[]; truth: string[][]; bleu: number; chrf: number };
};

describe.each(['english', 'chinese'] as const)('%s', (language) => {
  const { pairs, rouge: rouges, answers, tokens, corpora, slices } = golden[language];
  const sides = (from: number, end: number) =>
    [0, 1].map((side) => pairs.slice(from, end).map((p) => p[side]));

  // torchmetrics works in single precision.
  it('ROUGE', () => {
    pairs.forEach(([predicted, truth], i) => {
      const scores = rouge(predicted, truth);
      for (const [name, value] of Object.entries(rouges[i]))
        expect(scores[name as 'rouge1'], `${name} of "${predicted}"`).toBeCloseTo(value, 6);
    });
  });

  // SQuAD is English; Chinese answers have tests of their own beside the source.
  if (answers)
    it('exact match and token F1', () => {
      pairs.forEach(([predicted, truth], i) => {
        expect(exactMatch(predicted, truth), predicted).toBe(answers[i].exactMatch);
        expect(tokenF1(predicted, truth), predicted).toBeCloseTo(answers[i].tokenF1, 6);
      });
    });

  it("BLEU's tokens", () => {
    const split = language === 'english' ? splitWestern : splitChinese;
    expect(pairs.flat().map((text) => split(text.trimEnd()))).toEqual(tokens);
  });

  it('BLEU and chrF of corpora', () => {
    slices.forEach(([from, end], i) => {
      const [predicted, truth] = sides(from, end);
      const references = truth.map((one) => [one]);
      expect(bleu(predicted, references)).toBeCloseTo(corpora[i].bleu, 9);
      expect(chrf(predicted, references)).toBeCloseTo(corpora[i].chrf, 9);
    });
  });

  it('all together, with intervals that hold the means', () => {
    const [predicted, single] = sides(0, pairs.length);
    const truth = single.map((one) => [one]);
    const { metrics, intervals } = scoreTexts(predicted, truth, 3);
    expect(metrics.bleu).toBeCloseTo(corpora[0].bleu, 9);
    const mean = rouges.reduce((sum, { rougeL }) => sum + rougeL, 0) / rouges.length;
    expect(metrics.rougeL).toBeCloseTo(mean, 6);
    for (const [name, [low, high]] of Object.entries(intervals)) {
      expect(low, name).toBeLessThanOrEqual(metrics[name]);
      expect(high, name).toBeGreaterThanOrEqual(metrics[name]);
    }
    expect(scoreTexts(predicted, truth, 3).intervals).toEqual(intervals);
    expect(scoreTexts(predicted, truth, 4).intervals).not.toEqual(intervals);
  });
});

it('BLEU and chrF with several references', () => {
  const { predicted, truth, bleu: wantedBleu, chrf: wantedChrf } = golden.references;
  expect(bleu(predicted, truth)).toBeCloseTo(wantedBleu, 9);
  expect(chrf(predicted, truth)).toBeCloseTo(wantedChrf, 9);
});
