/** Rows put into a template: what is cut to fit is their texts alone, never the template or its mask. */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { fillTemplate, type TemplatePart } from './template.ts';
import type { Encoded, Tokenizer } from './tokenizer/tokenizer.ts';
import { longestFirst } from './tokenizer/truncate.ts';

/** The tokenizer's mask as it is written in a text; null where it has none. */
export function maskToken(tokenizer: Tokenizer): string | null {
  return tokenizer.maskId === null ? null : tokenizer.tokens([tokenizer.maskId])[0];
}

/**
 * Ids of a row in its template, cut to `maxLength` tokens (special ones counted; of two texts the longer gives
 * way first). Texts are cut between words, or within a word that is longer than the room left.
 * @throws StudioError('data') where the template alone leaves no room for a text
 */
export function encodeTemplated(
  tokenizer: Tokenizer,
  parts: readonly TemplatePart[],
  text: string,
  pair: string | null,
  maxLength: number,
): Encoded {
  const mask = maskToken(tokenizer) ?? '';
  const filled = (first: string, second: string): Encoded =>
    tokenizer.encode(fillTemplate(parts, { text: first, text2: second, mask }));
  const whole = filled(text, pair ?? '');
  if (whole.ids.length <= maxLength) return whole;

  const room = maxLength - filled('', '').ids.length;
  if (room < (pair === null ? 1 : 2))
    throw new StudioError(
      'data',
      say`${field('data.maxLength')} is ${maxLength} and ${field('data.template')} alone takes ${maxLength - room} tokens, which leaves no room for the text; raise ${field('data.maxLength')} or shorten the template.`,
      { where: 'data.maxLength' },
    );
  const lengths = [text, pair ?? ''].map((one) => tokenizer.pieces(one).length);
  let [a, b] = pair === null ? [Math.min(lengths[0], room), 0] : longestFirst(lengths[0], lengths[1], room);
  for (;;) {
    const cut = filled(shortened(tokenizer, text, a), shortened(tokenizer, pair ?? '', b));
    // Beside the template a text may take a token more than alone.
    if (cut.ids.length <= maxLength || a + b === 0) return { ...cut, truncated: true };
    if (a >= b) a--;
    else b--;
  }
}

/** The beginning of a text that takes at most `count` tokens. */
export function shortened(tokenizer: Tokenizer, text: string, count: number): string {
  let end = 0;
  let left = count;
  for (const { 0: word, index } of text.matchAll(/\s*\S+/gu)) {
    const taken = tokenizer.pieces(word).length;
    if (taken > left) return text.slice(0, end) + longestStart(tokenizer, word, left);
    left -= taken;
    end = index + word.length;
  }
  return text.slice(0, end);
}

/** The longest beginning of a word within `count` tokens, by characters: scripts without blanks are one word. */
function longestStart(tokenizer: Tokenizer, word: string, count: number): string {
  const characters = Array.from(word);
  let [fits, fails] = [0, characters.length];
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1;
    if (tokenizer.pieces(characters.slice(0, middle).join('')).length <= count) fits = middle;
    else fails = middle;
  }
  return characters.slice(0, fits).join('');
}
