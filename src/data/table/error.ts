import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';

/** Parquet files have rows and no lines. */
const unitOf = (file: string): 'line' | 'row' => (/\.parquet$/i.test(file) ? 'row' : 'line');

/**
 * A data error with its place: `dev.tsv, line 7: <what>; <remedy>.`
 * @param line from 1, or null where the whole file is meant
 */
export function dataError(file: string, line: number | null, problem: string): StudioError {
  const where = line === null ? file : `${file}, ${unitOf(file)} ${line}`;
  return new StudioError('data', say`${where}: ${problem}.`, {
    where: line === null ? file : `${file}:${line}`,
  });
}

/** A cell or label as shown in a message: quoted, on one line, at most 40 characters. */
export function quoted(value: string): string {
  const flat = value.replace(/\s+/g, ' ').trim();
  return JSON.stringify(flat.length > 40 ? `${flat.slice(0, 39)}…` : flat);
}

/** Column names as a message lists them: the first dozen. */
export function listedNames(names: readonly string[]): string {
  const shown = names
    .slice(0, 12)
    .map((name) => `"${name}"`)
    .join(', ');
  return names.length > 12 ? `${shown}, … (${names.length} columns)` : shown;
}

/** Words quoted, with commas between. */
export function listOf(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}
