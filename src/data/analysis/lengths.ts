/** How many tokens the rows have, before anything is cut. */
import type { Dataset } from '../dataset.ts';
import { parseTemplate } from '../template.ts';
import { encodeTemplated } from '../templated.ts';
import type { Steps } from '../../steps.ts';
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

/** Lengths of the texts, in their template where there is one; a step each. */
export function surveyLengths(data: Dataset, tokenizer: Tokenizer, template?: string): Steps<LengthSurvey> {
  const parts = template === undefined ? null : parseTemplate(template);
  return survey(data.rows, (row) => {
    const [text, pair] = [data.texts[row], data.pairs?.[row] ?? null];
    return (
      parts === null ? tokenizer.encode(text, pair) : encodeTemplated(tokenizer, parts, text, pair, Infinity)
    ).ids.length;
  });
}

/** Lengths of the texts to write, their ends counted, a step each; null where there are none. */
export function* surveyTargets({ rows, targets }: Dataset, tokenizer: Tokenizer): Steps<LengthSurvey | null> {
  if (targets === null) return null;
  return yield* survey(rows, (row) => tokenizer.encodeTarget(targets[row], Infinity).ids.length);
}

function* survey(of: number, lengthOf: (row: number) => number): Steps<LengthSurvey> {
  const stride = Math.max(1, Math.ceil(of / MOST_ROWS));
  const counts: number[] = [];
  let rows = 0;
  let longest = 0;
  for (let row = 0; row < of; row += stride) {
    yield;
    const length = lengthOf(row);
    const place = Math.min(length, LONGEST_COUNTED);
    while (counts.length <= place) counts.push(0);
    counts[place]++;
    rows++;
    longest = Math.max(longest, length);
  }
  return { counts, rows, of, longest };
}
