import { StudioError } from '../../errors.ts';
import { english, say, type Sentence, type SentenceValue } from '../../sentence.ts';

/** Parquet files have rows and no lines. */
const hasRows = (file: string): boolean => /\.parquet$/i.test(file);

/**
 * A data error with its place: `dev.tsv, line 7: <what>; <remedy>.`
 * @param line from 1, or null where the whole file is meant
 */
export function dataError(file: SentenceValue, line: number | null, problem: Sentence): StudioError {
  const name = english(file);
  if (line === null) return new StudioError('data', say`${file}: ${problem}.`, { where: name });
  const sentence = hasRows(name)
    ? say`${file}, row ${line}: ${problem}.`
    : say`${file}, line ${line}: ${problem}.`;
  return new StudioError('data', sentence, { where: `${name}:${line}` });
}

/** A cell or label as shown in a message: quoted, on one line, at most 40 characters. */
export function quoted(value: string): string {
  const flat = printable(value.replace(/\s+/g, ' ').trim());
  return JSON.stringify(flat.length > 40 ? `${flat.slice(0, 39)}…` : flat);
}

/** Control characters, and those that turn the direction of what follows, as a sign that something is there. */
export function printable(value: string): string {
  return value.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** Column names as a message lists them: the first dozen. */
export function listedNames(names: readonly string[]): SentenceValue {
  const shown = names
    .slice(0, 12)
    .map((name) => `"${printable(name)}"`)
    .join(', ');
  return names.length > 12 ? say`${shown}, … (${names.length} columns)` : shown;
}

/** Words quoted, with commas between. */
export function listOf(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}
