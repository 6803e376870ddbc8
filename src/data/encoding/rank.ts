/** Encodings that bytes may be in, the likeliest first. */
import { decodeStrictly } from './decoder.ts';
import { LEGACY_ENCODINGS } from './encodings.ts';
import { languageEvidence, letterEvidence } from './evidence.ts';
import { oddness } from './oddness.ts';

export interface Ranked {
  encoding: string;
  /** The sample as text. */
  text: string;
  /** About 1 for text of a language that is known well; 0 and less for what is no text. */
  score: number;
}

/** Readings that are looked at closely. */
const CLOSELY = 8;

/** @param sample lines of a file that are not plain ASCII; encodings that it cannot be in are left out */
export function rankEncodings(sample: Uint8Array): Ranked[] {
  const byText = new Map<string, Ranked>();
  for (const { label, rarity } of LEGACY_ENCODINGS) {
    const text = decodeStrictly(sample, label);
    // Encodings in which it is the same text need no telling apart.
    if (text === null || byText.has(text)) continue;
    byText.set(text, { encoding: label, text, score: letterEvidence(text, label) - oddness(text) - rarity });
  }
  const likely = [...byText.values()].sort(byScore).slice(0, CLOSELY);
  return likely
    .map((one) => ({ ...one, score: one.score + languageEvidence(one.text, sample, one.encoding) }))
    .sort(byScore);
}

const byScore = (a: Ranked, b: Ranked): number => b.score - a.score;
