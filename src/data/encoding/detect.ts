/** The encoding of bytes that are not UTF-8: told where one is clearly the likeliest, else the likeliest three. */
import { decodeStrictly } from './decoder.ts';
import { rankEncodings, type Ranked } from './rank.ts';
import { sampleLines } from './sample.ts';

/** What a legacy text must score at least. */
const LEAST_SCORE = 0.2;
/** By how much it must be ahead of the next reading, and how much more of a text with one letter beyond ASCII. */
const LEAST_MARGIN = 0.08;
const FEW_LETTERS = 0.4;
/** The latter at most. */
const MOST_FOR_FEW = 0.06;

export type Detected =
  | { encoding: string; text: string }
  /** The likeliest, with a few words as each has them. */
  | { encoding: null; candidates: { encoding: string; sample: string }[] };

/** @param bytes a whole file */
export function detectEncoding(bytes: Uint8Array): Detected {
  const ranked = rankEncodings(sampleLines(bytes));
  const possible: { one: Ranked; text: string }[] = [];
  const margin = LEAST_MARGIN + Math.min(MOST_FOR_FEW, FEW_LETTERS / beyondAscii(ranked[0]?.text ?? ''));
  for (const one of ranked) {
    if (possible.length > 0 && one.score < possible[0].one.score - margin) break;
    // An encoding that the sample fits may still be impossible for the rest of the file.
    const text = decodeStrictly(bytes, one.encoding);
    if (text !== null && !hasControls(text)) possible.push({ one, text });
  }
  const [best] = possible;
  const western = possible.find(({ one }) => one.encoding === 'windows-1252');
  if (western && isNearlyAscii(bytes)) return { encoding: 'windows-1252', text: western.text };
  if (possible.length === 1 && best.one.score >= LEAST_SCORE)
    return { encoding: best.one.encoding, text: best.text };
  return { encoding: null, candidates: likeliest(ranked) };
}

/** Lines beyond ASCII, of all, up to which a file is plain English with a few signs, as programs of the West write it. */
const FEW_LINES = 0.005;

function isNearlyAscii(bytes: Uint8Array): boolean {
  let [lines, beyond, here] = [1, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x0a) {
      lines++;
      here = false;
    } else if (byte >= 0x80 && !here) {
      beyond++;
      here = true;
    }
  }
  return beyond <= FEW_LINES * lines;
}

/** The three likeliest readings of bytes, each with the words in which they first differ. */
export function likeliestEncodings(bytes: Uint8Array): { encoding: string; sample: string }[] {
  return likeliest(rankEncodings(sampleLines(bytes)));
}

function likeliest(ranked: readonly Ranked[]): { encoding: string; sample: string }[] {
  return ranked.slice(0, 3).map(({ encoding, text }) => ({ encoding, sample: firstWords(text, ranked) }));
}

/** Words of a reading from where the readings begin to differ. */
function firstWords(text: string, ranked: readonly Ranked[]): string {
  const others = ranked.slice(0, 3).map((one) => one.text);
  const shortest = Math.min(...others.map(({ length }) => length));
  let at = 0;
  while (at < shortest && others.every((other) => other[at] === text[at])) at++;
  // From a few letters before, within the cell.
  const start = Math.max(0, at - 8);
  const before = text.slice(start, at).split(CELL_ENDS).at(-1) ?? '';
  const after = text.slice(at, at + 24).split(CELL_ENDS)[0];
  return (before + after).trim();
}

/** What stands between cells. */
const CELL_ENDS = /["\t\n;|]/;

/** Controls beyond ASCII: the mark of a text in another encoding. */
function hasControls(text: string): boolean {
  return /[\x80-\x84\x86-\x9f\ufffd]/.test(text);
}

function beyondAscii(text: string): number {
  return text.match(/\P{ASCII}/gu)?.length ?? 1;
}
