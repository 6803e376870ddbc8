import { describe, expect, it } from 'vitest';
import { cutRows, lengthBars, medianLength } from './token-lengths.ts';

// Two rows of 3 tokens, one of 5, one of 9.
const survey = { counts: [0, 0, 0, 2, 0, 1, 0, 0, 0, 1], rows: 4, of: 4, longest: 9 };

describe('token lengths', () => {
  it('count what is cut, and the middle', () => {
    expect([2, 3, 4, 5, 9].map((max) => cutRows(survey, max))).toEqual([4, 2, 2, 1, 0]);
    expect(medianLength(survey)).toBe(3);
  });

  it('make bars that hold every row', () => {
    expect(lengthBars(survey, 5)).toEqual({ bars: [0, 2, 1, 0, 1], width: 2 });
    expect(lengthBars(survey).bars).toEqual(survey.counts);
  });
});
