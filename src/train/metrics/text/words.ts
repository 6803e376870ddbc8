/**
 * Texts as the units that are compared. Chinese and Japanese have no blanks between words, so each of their
 * characters is a unit of its own.
 */

const CHARACTER = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]';
const CHARACTER_SCRIPTS = new RegExp(CHARACTER, 'u');
const WORDS = new RegExp(`${CHARACTER}|(?:(?!${CHARACTER})[\\p{L}\\p{M}\\p{N}])+`, 'gu');

/**
 * ROUGE's units: lower-case runs of letters and digits, as `rouge_score` has them for English. That library drops
 * all that is not ASCII; here letters of any script count, and those without word boundaries one by one.
 */
export function rougeWords(text: string): string[] {
  return text.toLowerCase().match(WORDS) ?? [];
}

/** Articles, punctuation and blanks do not count in an answer (SQuAD's `normalize_answer`). */
export function normalizeAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]|\p{P}/gu, '')
    .replace(/(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu, ' ')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .join(' ');
}

/** Words of a normalised answer; characters where a script has no word boundaries. */
export function answerWords(normalized: string): string[] {
  const words: string[] = [];
  for (const word of normalized.split(' ')) {
    let run = '';
    for (const character of word) {
      if (!CHARACTER_SCRIPTS.test(character)) {
        run += character;
        continue;
      }
      if (run !== '') words.push(run);
      words.push(character);
      run = '';
    }
    if (run !== '') words.push(run);
  }
  return words;
}
