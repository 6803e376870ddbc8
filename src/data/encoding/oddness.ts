/**
 * How unlike text a decoded text is. A wrong encoding leaves traces whatever the language: controls, signs in
 * the middle of words, capitals after small letters, words of two scripts, ideographs between Latin letters.
 */

/** Signs that stand in ordinary texts. */
const ORDINARY =
  /[\u00a0\u00ad¡¿«»“”„‚‘’‹›–—―…•·€£¥§©®™°±½¼¾×′″№\u200b-\u200f\u2028\u060c\u061b\u061f\u3000-\u303f\uff00-\uff65\uffe0-\uffe6★☆♪♥→←↑↓○●◎■□△▲▽▼※〒]/u;
/** Of them those that stand between letters. */
const WITHIN_WORDS = /[\u00ad’‘·–—―…\u200b-\u200f×\u3000-\u303f\uff00-\uff65\u00a0]/u;
const SCRIPTS: readonly RegExp[] = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Thai}/u,
];
const IDEOGRAPH = /\p{Script=Han}|\p{Script=Hangul}|[\u3040-\u30ff]/u;
/** Letters only in name, and those that no living orthography of the encodings here has. */
const LETTER_LIKE = /[ªºƒµˆ˜]/u;

/**
 * The mean over all characters beyond ASCII: 0 for text, about 1 and more for what was decoded wrongly.
 * A text of ASCII alone has 0.
 */
export function oddness(text: string): number {
  const characters = Array.from(text);
  let [sum, count] = [0, 0];
  characters.forEach((character, i) => {
    if (character.codePointAt(0)! < 0x80) return;
    count++;
    sum += oddnessOf(character, characters[i - 1] ?? ' ', characters[i + 1] ?? ' ');
  });
  return count === 0 ? 0 : sum / count;
}

function oddnessOf(character: string, before: string, after: string): number {
  if (/[\p{Cc}\p{Cn}\p{Co}\p{Cs}\ufffd]/u.test(character)) return 3;
  const inside = /\p{L}/u.test(before) && /\p{L}/u.test(after);
  if (LETTER_LIKE.test(character)) return /\p{L}/u.test(before) || /\p{L}/u.test(after) ? 0.8 : 0.2;
  if (IDEOGRAPH.test(character)) return ideographOddness(before, after);
  if (/[\uff61-\uff9f]/u.test(character)) return 0.4;
  if (/\p{L}/u.test(character)) {
    const script = SCRIPTS.findIndex((one) => one.test(character));
    const mixed = [before, after].some((other) => {
      const its = SCRIPTS.findIndex((one) => one.test(other));
      return its >= 0 && its !== script;
    });
    if (mixed) return 2;
    return /\p{Lu}/u.test(character) && /\p{Ll}/u.test(before) ? 1 : 0;
  }
  if (/\p{M}/u.test(character)) return /[\p{L}\p{M}]/u.test(before) ? 0 : 1;
  if (/[\u2500-\u259f]/u.test(character)) return 3;
  if (/[’”»]/u.test(character) && /\p{L}/u.test(after) && !/[\p{L}\p{N}]/u.test(before))
    return character === '’' ? 1 : 0.3;
  // Where windows-1251 has its last letter, Apple's Cyrillic has the euro.
  if (/[€£¥]/.test(character) && /\p{L}/u.test(before)) return 2;
  // Of letters only Catalan's l·l has one between.
  if (character === '·' && inside && !(before === 'l' && after === 'l')) return 2;
  if (ORDINARY.test(character)) return inside && !WITHIN_WORDS.test(character) ? 2 : 0;
  if (inside || (/[†‡‰¤¦]/u.test(character) && /\p{L}/u.test(after))) return 2;
  return /\p{L}/u.test(before) || /\p{L}/u.test(after) ? 0.8 : 0.3;
}

/** Ideographs stand beside Latin words, but hardly in them. */
function ideographOddness(before: string, after: string): number {
  const latin = [before, after].filter((other) => /[\p{Script=Latin}]/u.test(other)).length;
  const alone = [before, after].every(
    (other) => !IDEOGRAPH.test(other) && !/[\u3000-\u303f\uff00-\uffef]/u.test(other),
  );
  if (latin === 2) return 1;
  return alone ? 0.3 + 0.4 * latin : 0;
}
