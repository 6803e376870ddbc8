/** How well a vocabulary reads a set of texts. */
import type { Dataset } from '../dataset.ts';
import type { Steps } from '../../steps.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Rows looked at: of a larger set every so many-th is taken. */
const MOST_ROWS = 2000;
/** A token a letter and more: the texts are spelled out in bytes or letters, which says as little as an unknown one. */
const SPELLED = 0.8;

export interface VocabularySurvey {
  /** Tokens of the texts, special ones left out. */
  tokens: number;
  /** Share of them that the vocabulary does not know. */
  unknown: number;
  /** Letters and signs, spaces left out. */
  characters: number;
  rows: number;
}

/** A step for each row that is looked at. */
export function* surveyVocabulary(data: Dataset, tokenizer: Tokenizer): Steps<VocabularySurvey> {
  const stride = Math.max(1, Math.ceil(data.rows / MOST_ROWS));
  let [tokens, unknown, characters, rows] = [0, 0, 0, 0];
  for (let row = 0; row < data.rows; row += stride) {
    yield;
    const texts = data.pairs === null ? [data.texts[row]] : [data.texts[row], data.pairs[row]];
    for (const text of texts) {
      const ids = tokenizer.pieces(text);
      tokens += ids.length;
      for (const id of ids) if (id === tokenizer.unknownId) unknown++;
      characters += text.replace(/\s/g, '').length;
    }
    rows++;
  }
  return { tokens, unknown: tokens === 0 ? 0 : unknown / tokens, characters, rows };
}

/** Are the texts spelled out, letter by letter or byte by byte? Of Chinese a letter is a word, so bytes tell. */
export function isSpelledOut({ tokens, characters }: VocabularySurvey, chinese: boolean): boolean {
  return characters > 0 && tokens / characters > (chinese ? 1.5 : SPELLED);
}
