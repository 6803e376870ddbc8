/** How many tokens the rows have, before anything is cut. */
import type { Dataset } from '../dataset.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Rows tokenised at most: of a larger set every so many-th is taken. */
const MOST_ROWS = 20_000;
/** Lengths told apart; longer rows share the last place. */
export const LONGEST_COUNTED = 1024;

export interface LengthSurvey {
  /** `counts[n]`: rows of n tokens, special ones included; the last also holds longer rows. */
  counts: number[];
  /** Rows looked at, and rows there are. */
  rows: number;
  of: number;
  /** Tokens of the longest row that was looked at. */
  longest: number;
}

export function surveyLengths(data: Dataset, tokenizer: Tokenizer): LengthSurvey {
  const stride = Math.max(1, Math.ceil(data.rows / MOST_ROWS));
  const counts: number[] = [];
  let rows = 0;
  let longest = 0;
  for (let row = 0; row < data.rows; row += stride) {
    const { length } = tokenizer.encode(data.texts[row], data.pairs?.[row] ?? null).ids;
    const place = Math.min(length, LONGEST_COUNTED);
    while (counts.length <= place) counts.push(0);
    counts[place]++;
    rows++;
    longest = Math.max(longest, length);
  }
  return { counts, rows, of: data.rows, longest };
}
