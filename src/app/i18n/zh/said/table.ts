/**
 * Translations of sentences: by the key of each (its English pieces, see `src/sentence.ts`) the pieces of another
 * language, with `{0}`, `{1}`, ... for the same values in any order. Braces themselves are doubled.
 */
export type Table = Readonly<Record<string, string>>;
