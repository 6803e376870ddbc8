/**
 * Korean as Windows writes it (Unified Hangul Code, `euc-kr` of the Encoding Standard): KS X 1001, and the
 * syllables that it lacks, in Unicode order, in the rows and places that it leaves free.
 */

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;

let table: ReadonlyMap<number, string> | null = null;

/** Lead and trail byte as one number, to the character. */
function characters(): ReadonlyMap<number, string> {
  if (table) return table;
  const found = new Map<number, string>();
  const decoder = new TextDecoder('euc-kr', { fatal: true });
  const standard = new Set<string>();
  for (let lead = 0xa1; lead <= 0xfe; lead++)
    for (let trail = 0xa1; trail <= 0xfe; trail++) {
      const character = decodedOrNull(decoder, lead, trail);
      if (character === null || Array.from(character).length !== 1) continue;
      found.set((lead << 8) | trail, character);
      standard.add(character);
    }
  let syllable = FIRST_SYLLABLE;
  for (const place of freePlaces()) {
    while (syllable <= LAST_SYLLABLE && standard.has(String.fromCharCode(syllable))) syllable++;
    if (syllable > LAST_SYLLABLE) break;
    found.set(place, String.fromCharCode(syllable++));
  }
  return (table = found);
}

function decodedOrNull(decoder: TextDecoder, lead: number, trail: number): string | null {
  try {
    return decoder.decode(Uint8Array.of(lead, trail));
  } catch {
    return null;
  }
}

/** Places of the added syllables: all of rows 0x81 to 0xA0, then the first part of rows to 0xC6. */
function* freePlaces(): Generator<number> {
  for (let lead = 0x81; lead <= 0xc6; lead++) {
    const last = lead <= 0xa0 ? 0xfe : 0xa0;
    for (let trail = 0x41; trail <= last; trail++) {
      const letter = (trail >= 0x41 && trail <= 0x5a) || (trail >= 0x61 && trail <= 0x7a);
      if (letter || trail >= 0x81) yield (lead << 8) | trail;
    }
  }
}

/** Decodes whole texts; null for a sequence that is none. */
export function uhcDecoder(): (bytes: Uint8Array) => string | null {
  const known = characters();
  return (bytes) => {
    const pieces: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const start = at;
      while (at < bytes.length && bytes[at] < 0x80) at++;
      if (at > start) pieces.push(new TextDecoder().decode(bytes.subarray(start, at)));
      if (at >= bytes.length) break;
      const character = known.get((bytes[at] << 8) | (bytes[at + 1] ?? 0));
      if (character === undefined) return null;
      pieces.push(character);
      at += 2;
    }
    return pieces.join('');
  };
}
