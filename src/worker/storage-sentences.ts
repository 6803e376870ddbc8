/** What is said of a browser that does not store what it is given. */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';

/** More runs than this are counted rather than named. */
const MOST_NAMES = 6;

/**
 * What to say while something of a comparison is not stored.
 * @param runs keys of the runs it is about
 */
export function storageSentence(error: unknown, name: string, runs: readonly string[]): Sentence {
  if (error instanceof StudioError) return error.sentence;
  const what =
    runs.length === 0 || runs.length > MOST_NAMES
      ? name.slice(0, 60)
      : `${name.slice(0, 60)} (${runs.join(', ')})`;
  if (isFull(error)) {
    return say`The browser’s storage is full, so ${what} is not stored yet; it is tried again until it is: delete old comparisons in the history to make room, or download the results and leave this page open until then.`;
  }
  return say`The browser refused to store ${what} (${reason(error)}); it is tried again until it is stored: leave this page open until then, or download the results.`;
}

/** What to say when the files that a comparison is made of could not be kept. */
export function inputsSentence(error: unknown): Sentence {
  const why = isFull(error) ? say`storage is full` : reason(error);
  return say`The comparison is being saved, but its data and model files could not be (${why}); opening it later will ask for them by name.`;
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 120);
}
