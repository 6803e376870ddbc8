import { describe, expect, it } from 'vitest';
import { exactMatch, tokenF1 } from './answers.ts';
import { bleu } from './bleu.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { chrf } from './chrf.ts';
import { commonSubsequence, rouge } from './rouge.ts';
import { scoreTexts } from './score.ts';
import { answerWords, normalizeAnswer, rougeWords } from './words.ts';

describe('words', () => {
  it('are runs of letters and digits, or single characters of scripts without blanks', () => {
    expect(rougeWords('State-of-the-art, v2_3!')).toEqual(['state', 'of', 'the', 'art', 'v2', '3']);
    expect(rougeWords('我在Berlin。Übermut')).toEqual(['我', '在', 'berlin', 'übermut']);
  });

  it('of an answer leave out articles and punctuation', () => {
    expect(normalizeAnswer('  The “Answer”, a  theme: $5 ')).toBe('answer theme 5');
    expect(answerWords('在berlin喝 coffee')).toEqual(['在', 'berlin', '喝', 'coffee']);
  });
});

describe('answers', () => {
  it('match but for case, articles and punctuation', () => {
    expect(exactMatch('The cat!', 'a cat')).toBe(1);
    expect(exactMatch('很干净。', '很干净')).toBe(1);
    expect(exactMatch('cats', 'cat')).toBe(0);
  });

  it('share words, characters in Chinese', () => {
    expect(tokenF1('red blue', 'red green blue')).toBeCloseTo(4 / 5, 12);
    expect(tokenF1('很干净', '干净')).toBeCloseTo(4 / 5, 12);
    expect([tokenF1('', ''), tokenF1('', 'x')]).toEqual([1, 0]);
  });
});

describe('rouge', () => {
  it("gives rouge_score's values for its own examples", () => {
    expect(rouge('testing', 'testing one two').rouge1).toBeCloseTo(1 / 2, 12);
    expect(rouge('testing one', 'testing one two')).toEqual({ rouge1: 4 / 5, rouge2: 2 / 3, rougeL: 4 / 5 });
    expect(rouge('testing two', 'testing one two').rougeL).toBeCloseTo(4 / 5, 12);
    expect(rouge('', 'testing one two')).toEqual({ rouge1: 0, rouge2: 0, rougeL: 0 });
  });

  it('finds the longest common subsequence', () => {
    expect(commonSubsequence(['a', 'b', 'c', 'd', 'e'], ['b', 'e', 'd', 'c'])).toBe(2);
    expect(commonSubsequence([], ['a', 'b', 'c'])).toBe(0);
  });
});

describe('corpus scores', () => {
  it('are 100 for what is right and 0 for what shares nothing', () => {
    const text = ['Nobody intends to build a wall here.'];
    const truth = text.map((one) => [one]);
    expect([bleu(text, truth), chrf(text, truth)].map((value) => value.toFixed(9))).toEqual(
      Array(2).fill('100.000000000'),
    );
    expect([bleu(['abc'], [['xyz']]), chrf(['abc'], [['xyz']])]).toEqual([0, 0]);
    expect([bleu([''], [['xyz']]), chrf([''], [['xyz']])]).toEqual([0, 0]);
  });
});

describe('bootstrapIntervals', () => {
  it('comes near the normal approximation for many rows', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => ((i * 37) % 100) / 100);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    const half = (1.96 * deviation) / Math.sqrt(values.length);
    const { a, b } = bootstrapIntervals({ a: values, b: values.map((v) => 2 * v) }, 1);
    expect(a[0]).toBeCloseTo(mean - half, 2);
    expect(a[1]).toBeCloseTo(mean + half, 2);
    // The same resamples for all scores.
    expect(b[0]).toBeCloseTo(2 * a[0], 12);
  });

  it('is a point where all rows are alike', () => {
    expect(bootstrapIntervals({ a: [1, 1, 1] }, 1).a.map((value) => value.toFixed(9))).toEqual(
      Array(2).fill('1.000000000'),
    );
  });
});

it('counts the best of several references', () => {
  const { metrics } = scoreTexts(['a red fox'], [['a blue whale', 'the red fox', 'red']], 1);
  expect(metrics).toMatchObject({ exactMatch: 1, tokenF1: 1 });
  expect(metrics.rouge1).toBeCloseTo(2 / 3, 12);
});

it('refuses sides of different lengths', () => {
  expect(() => scoreTexts(['a'], [], 1)).toThrow('internal:');
});
