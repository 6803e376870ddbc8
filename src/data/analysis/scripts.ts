/** Which writing a set of texts is in, by the share of its letters; enough to say which vocabularies can read it. */

/** What a model's vocabulary was made for. */
export type Writing = 'english' | 'chinese' | 'other';

const LETTER = /\p{L}/gu;
const HAN = /\p{Script=Han}/gu;
/** Japanese mixes Han with its own; such texts are not Chinese. */
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const ASCII_LETTER = /[A-Za-z]/g;

/** Characters looked at. */
const SAMPLE = 200_000;
/** Share of letters that makes a writing. */
const MOST = 0.3;
/** Among Latin letters: accents at least so often are another language than English. */
const ACCENTS = 0.01;

export function writingOf(texts: readonly string[]): Writing {
  const stride = Math.max(1, Math.floor(texts.length / 2000));
  let sample = '';
  for (let row = 0; row < texts.length && sample.length < SAMPLE; row += stride) sample += `${texts[row]} `;
  const count = (pattern: RegExp): number => sample.match(pattern)?.length ?? 0;
  const letters = Math.max(1, count(LETTER));
  const share = (pattern: RegExp): number => count(pattern) / letters;
  if (share(KANA) > MOST / 3) return 'other';
  if (share(HAN) > MOST) return 'chinese';
  return share(ASCII_LETTER) >= 1 - ACCENTS ? 'english' : 'other';
}
