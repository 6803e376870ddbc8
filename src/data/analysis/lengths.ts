/** How many tokens the rows have, before anything is cut. */
import type { Dataset } from '../dataset.ts';
import { parseTemplate } from '../template.ts';
import { encodeTemplated } from '../templated.ts';
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

/**
 * Lengths of the texts, in their template where there is one.
 * @param options.goesOn called before each row
 */
export function surveyLengths(
  data: Dataset,
  tokenizer: Tokenizer,
  { template, goesOn }: { template?: string; goesOn?: () => void } = {},
): LengthSurvey {
  const parts = template === undefined ? null : parseTemplate(template);
  return survey(data.rows, (row) => {
    goesOn?.();
    const [text, pair] = [data.texts[row], data.pairs?.[row] ?? null];
    return (
      parts === null ? tokenizer.encode(text, pair) : encodeTemplated(tokenizer, parts, text, pair, Infinity)
    ).ids.length;
  });
}

/**
 * Lengths of the texts to write, their ends counted; null where there are none.
 * @param goesOn called before each row
 */
export function surveyTargets(
  { rows, targets }: Dataset,
  tokenizer: Tokenizer,
  goesOn?: () => void,
): LengthSurvey | null {
  if (targets === null) return null;
  return survey(rows, (row) => {
    goesOn?.();
    return tokenizer.encodeTarget(targets[row], Infinity).ids.length;
  });
}

function survey(of: number, lengthOf: (row: number) => number): LengthSurvey {
  const stride = Math.max(1, Math.ceil(of / MOST_ROWS));
  const counts: number[] = [];
  let rows = 0;
  let longest = 0;
  for (let row = 0; row < of; row += stride) {
    const length = lengthOf(row);
    const place = Math.min(length, LONGEST_COUNTED);
    while (counts.length <= place) counts.push(0);
    counts[place]++;
    rows++;
    longest = Math.max(longest, length);
  }
  return { counts, rows, of, longest };
}
