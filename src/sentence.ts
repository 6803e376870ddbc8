/**
 * Sentences that carry their data. Where one is made, a tagged template keeps its pieces and its values apart:
 *
 *   say`${file}, line ${line}: the row has ${found} columns where ${wanted} are needed.`
 *
 * As in gettext the English pieces are the key ("{0}, line {1}: the row has {2} columns where {3} are needed.");
 * another language has a table from keys to its own pieces, and no text is ever read back. A sentence is plain
 * data: it survives `postMessage`, JSON and the history.
 */

/** What stands in a place of a sentence: itself a sentence, which is translated, or text, which never is. */
export type SentenceValue = string | number | Sentence;

export interface Sentence {
  /** The English pieces, with `{0}`, `{1}`, ... for the values. */
  readonly key: string;
  readonly values: readonly SentenceValue[];
}

/** A sentence of a template. Braces of the pieces themselves are doubled in the key. */
export function say(pieces: TemplateStringsArray, ...values: SentenceValue[]): Sentence {
  const escaped = pieces.map((piece) => piece.replace(/[{}]/g, '$&$&'));
  return { key: escaped.reduce((key, piece, i) => `${key}{${i - 1}}${piece}`), values };
}

/** The text of a key with its values put in; `shown` makes text of each. */
export function filled(
  key: string,
  values: readonly SentenceValue[],
  shown: (value: SentenceValue) => string,
): string {
  return key.replace(/\{\{|\}\}|\{(\d+)\}/g, (match, index: string | undefined) =>
    index === undefined ? match[0] : shown(values[Number(index)]),
  );
}

/** A sentence as the engine says it, in English. */
export function english(sentence: SentenceValue): string {
  return typeof sentence === 'object' ? filled(sentence.key, sentence.values, english) : String(sentence);
}
