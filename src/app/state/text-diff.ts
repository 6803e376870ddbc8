/** Where a written text leaves its reference: by words, and by characters in scripts without blanks. */
import { diffArrays } from 'diff';

export interface DiffPart {
  /** `missing` stands in the reference alone, `added` in the written text alone. */
  kind: 'same' | 'missing' | 'added';
  text: string;
}

/** A character of Chinese or Japanese, a run of letters and digits, or any other sign; with the blanks after it. */
const UNITS =
  /(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+|\S)\s*/gu;

function units(text: string): string[] {
  return text.trim().match(UNITS) ?? [];
}

/** Parts in reading order; blanks do not count. */
export function diffTexts(reference: string, written: string): DiffPart[] {
  const changes = diffArrays(units(reference), units(written), {
    comparator: (a, b) => a.trimEnd() === b.trimEnd(),
  });
  return changes.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'missing' : 'same',
    text: value.join(''),
  }));
}
