/**
 * How much a decoded text looks like a language, from 0 to 1, by the frequencies that chardet (a port of ICU's
 * detector) knows. Those are of bytes, so a text is first put into the encoding that they are of: the detector
 * then serves encodings that it does not know as well as those it does.
 */
import chardet from 'chardet';
import { latinFit, scriptFit } from './alphabets.ts';
import { COMMON_CHARACTERS } from './common-characters.ts';

/** Encodings whose languages chardet knows, by script. */
interface Family {
  script: RegExp;
  encodings: readonly string[];
}

const LATIN: Family = {
  script: /\p{Script=Latin}/u,
  encodings: ['iso-8859-1', 'iso-8859-2', 'iso-8859-9', 'windows-1257', 'windows-1258'],
};
const FAMILIES: readonly Family[] = [
  LATIN,
  { script: /\p{Script=Cyrillic}/u, encodings: ['windows-1251', 'iso-8859-5'] },
  { script: /\p{Script=Greek}/u, encodings: ['iso-8859-7'] },
  { script: /\p{Script=Hebrew}/u, encodings: ['iso-8859-8'] },
  { script: /\p{Script=Arabic}/u, encodings: ['windows-1256', 'iso-8859-6'] },
];

/** Characters of a text that are enough for the detector to know the frequent ones among them. */
const ENOUGH = 20;

/** chardet's confidences, from 0 to 1, by lower-case name. */
function confidences(bytes: Uint8Array): ReadonlyMap<string, number> {
  const found = chardet
    .analyse(bytes)
    .map(({ name, confidence }) => [name.toLowerCase(), confidence / 100] as const);
  return new Map(found);
}

/** What the letters of a text alone say, from −1 to a half. @param text decoded in `encoding` */
export function letterEvidence(text: string, encoding: string): number {
  const letters = lettersOf(text);
  const common = COMMON_CHARACTERS[encoding];
  if (common !== undefined) return commonShare(text, common) / 2;
  if (encoding === 'windows-874') return thaiEvidence(text, letters.length) / 2;
  if (letters.length === 0) return 0.5;
  const { one, share } = familyOf(letters);
  return (share * (one === LATIN ? latinFit(text, letters) : scriptFit(letters))) / 2;
}

/**
 * What the frequencies of a language say, from 0 to a half.
 * @param text decoded from `bytes` in `encoding`
 */
export function languageEvidence(text: string, bytes: Uint8Array, encoding: string): number {
  const letters = lettersOf(text);
  const common = COMMON_CHARACTERS[encoding];
  if (common !== undefined)
    return letters.length < ENOUGH
      ? commonShare(text, common) / 2
      : (confidences(bytes).get(encoding) ?? 0) / 2;
  if (encoding === 'windows-874') return thaiEvidence(text, letters.length) / 2;
  if (letters.length === 0) return known(text, 'iso-8859-1') / 2;
  const { one, share } = familyOf(letters);
  return (share * Math.max(...one.encodings.map((other) => known(text, other)))) / 2;
}

/** The script that most letters are of. */
function familyOf(letters: readonly string[]): { one: Family; share: number } {
  const shares = FAMILIES.map((one) => ({
    one,
    share: letters.filter((letter) => one.script.test(letter)).length / Math.max(1, letters.length),
  }));
  return shares.sort((a, b) => b.share - a.share)[0];
}

/** Letters and marks beyond ASCII. */
function lettersOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}]/gu)?.filter((letter) => letter.codePointAt(0)! >= 0x80) ?? [];
}

/** Evidence of a text as it stands in an encoding that chardet knows. */
function known(text: string, encoding: string): number {
  const encoder = encoderOf(encoding);
  let [lost, beyond] = [0, 0];
  const spelled = encoding === 'windows-1258' ? withTonesApart(text) : text;
  const bytes = Uint8Array.from(Array.from(spelled), (character) => {
    const code = character.codePointAt(0)!;
    if (code < 0x80) return code;
    const isLetter = /[\p{L}\p{M}]/u.test(character);
    if (!isLetter) return 0x20;
    beyond++;
    const byte = encoder.get(character);
    if (byte === undefined) lost++;
    return byte ?? 0x20;
  });
  const found = confidences(bytes);
  const names = [encoding, ...(ALIASES[encoding] ?? [])];
  const confidence = Math.max(...names.map((name) => found.get(name) ?? 0));
  return confidence * (1 - lost / Math.max(1, beyond)) ** 2;
}

/** Names under which chardet reports the same frequencies. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'iso-8859-1': ['windows-1252'],
  'iso-8859-2': ['windows-1250'],
  'iso-8859-7': ['windows-1253'],
  'iso-8859-8': ['windows-1255'],
  'iso-8859-9': ['windows-1254'],
};

/** Vietnamese as windows-1258 spells it: the tone as a mark after its vowel. */
function withTonesApart(text: string): string {
  return text.replace(/\P{ASCII}/gu, (character) => {
    const parts = character.normalize('NFD');
    const tone = /[\u0300\u0301\u0303\u0309\u0323]/.exec(parts)?.[0] ?? '';
    return parts.replace(tone, '').normalize('NFC') + tone;
  });
}

const encoders = new Map<string, ReadonlyMap<string, number>>();

function encoderOf(encoding: string): ReadonlyMap<string, number> {
  let encoder = encoders.get(encoding);
  if (!encoder) {
    const decoder = new TextDecoder(encoding);
    const pairs = Array.from(
      { length: 128 },
      (_, i) => [decoder.decode(Uint8Array.of(0x80 + i)), 0x80 + i] as const,
    );
    encoders.set(encoding, (encoder = new Map(pairs)));
  }
  return encoder;
}

/** Share of the commonest characters, which are about two thirds of any text: from 0 to 1. */
function commonShare(text: string, common: ReadonlySet<string>): number {
  const beyond = Array.from(text).filter((character) => character.codePointAt(0)! >= 0x80);
  const frequent = beyond.filter((character) => common.has(character)).length;
  return Math.min(1, (frequent / Math.max(1, beyond.length)) * 1.6);
}

/** Letters, vowels and marks that most of a Thai text is of. */
const FREQUENT_THAI = 'านรกอเงมยลวดทสตะปบคหแจพ\u0e48\u0e49\u0e34\u0e35\u0e31\u0e38\u0e47\u0e4c';

/** Thai has rules of its own: marks follow a consonant, and vowels that stand in front have one after them. */
function thaiEvidence(text: string, letters: number): number {
  if (letters === 0) return 0;
  const inThai = (text.match(/\p{Script=Thai}/gu) ?? []).length;
  const stray = (
    text.match(/(?<![ก-ฮ\u0e30-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[เ-ไ](?![ก-ฮ])/gu) ??
    []
  ).length;
  const frequent = Array.from(text).filter((character) => FREQUENT_THAI.includes(character)).length;
  return Math.max(0, (frequent / inThai) * (inThai / Math.max(inThai, letters)) - (4 * stray) / inThai);
}
