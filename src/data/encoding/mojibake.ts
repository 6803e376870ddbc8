/**
 * UTF-8 that some program has already read in another encoding and written again: "cafÃ©" for "café". It is valid
 * UTF-8, and shows only in that its runs of letters, put back into that encoding, are UTF-8 once more.
 */
import { COMMON_CHARACTERS } from './common-characters.ts';
import { decodeStrictly } from './decoder.ts';

export interface Mojibake {
  /** As it stands in the file. */
  found: string;
  /** What it was before. */
  meant: string;
  /** Encoding that it was wrongly read in. */
  encoding: string;
  /** Character offset of the first. */
  at: number;
}

/** Runs looked at. */
const MOST_RUNS = 2000;
/** From this share of them on the text was spoilt as a whole. */
const LEAST_SHARE = 0.5;

/** The first such run of a text that was spoilt as a whole; null for any other. */
export function findMojibake(text: string): Mojibake | null {
  for (const encoding of wrongReadings(text)) {
    const encoder = encoderOf(encoding);
    let [runs, spoilt] = [0, 0];
    let first: Mojibake | null = null;
    for (const { 0: run, index } of text.matchAll(/\P{ASCII}+/gu)) {
      if (++runs > MOST_RUNS) break;
      const meant = undone(run, encoder);
      if (meant === null) continue;
      spoilt++;
      first ??= {
        found: around(text, index, run),
        meant: around(text, index, run, meant),
        encoding,
        at: index,
      };
    }
    if (first !== null && spoilt >= LEAST_SHARE * runs) return first;
  }
  return null;
}

/** Encodings that may have been at work: of ideographs only where they are none that anyone writes. */
function wrongReadings(text: string): string[] {
  const head = text.slice(0, 100_000);
  const ideographs = head.match(/\p{Script=Han}/gu) ?? [];
  const common = ideographs.filter(
    (one) => COMMON_CHARACTERS.gb18030.has(one) || COMMON_CHARACTERS.big5.has(one),
  );
  const strange = ideographs.length >= 8 && common.length < 0.1 * ideographs.length;
  return ['windows-1252', 'windows-1251', ...(strange ? ['gb18030'] : [])];
}

/** What a run was before it was read wrongly; null where it is itself. */
function undone(run: string, encoder: ReadonlyMap<string, readonly number[]>): string | null {
  const bytes: number[] = [];
  for (const character of run) {
    const code = encoder.get(character);
    if (code === undefined) return null;
    bytes.push(...code);
  }
  const meant = decodeStrictly(Uint8Array.from(bytes), 'utf-8');
  return meant !== null && /\p{L}|\p{P}|\p{S}/u.test(meant) && !/[\p{Cc}\p{Cn}\p{Co}]/u.test(meant)
    ? meant
    : null;
}

/** The word around a run, with another run in its place. */
function around(text: string, at: number, run: string, instead = run): string {
  const before = /[\p{L}\p{N}]*$/u.exec(text.slice(Math.max(0, at - 12), at))![0];
  const after = /^[\p{L}\p{N}]*/u.exec(text.slice(at + run.length, at + run.length + 12))![0];
  return before + instead.slice(0, 16) + after;
}

const encoders = new Map<string, ReadonlyMap<string, readonly number[]>>();

function encoderOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  let encoder = encoders.get(encoding);
  if (encoder) return encoder;
  const found = new Map<string, readonly number[]>();
  const put = (...bytes: number[]): void => {
    const character = decodeStrictly(Uint8Array.from(bytes), encoding);
    if (character !== null && Array.from(character).length === 1) found.set(character, bytes);
  };
  for (let byte = 0x80; byte <= 0xff; byte++) put(byte);
  if (encoding === 'gb18030')
    for (let lead = 0x81; lead <= 0xfe; lead++)
      for (let trail = 0x40; trail <= 0xfe; trail++) put(lead, trail);
  encoders.set(encoding, (encoder = found));
  return encoder;
}
