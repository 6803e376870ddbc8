/** How a stored comparison stands as a whole. */
import { canResume, type StoredEntry } from '../../runs/storage/stored.ts';

/** What an entry is as a whole. */
export type EntryState = 'training' | 'interrupted' | 'stopped' | 'done';

/** What it is for this tab: it trains `here`, or has, and is not wholly stored. */
export type EntryPlace = EntryState | 'here' | 'unstored';

/** How an entry stands. @param training ids of the comparisons that some tab trains */
export function entryState(entry: StoredEntry, training: ReadonlySet<string>): EntryState {
  if (training.has(entry.comparison.id)) return 'training';
  const phases = entry.runs.map(({ phase }) => phase);
  if (phases.some((phase) => phase === 'running' || phase === 'waiting')) return 'interrupted';
  return entry.runs.some(canResume) ? 'stopped' : 'done';
}

/** Can its training go on here? */
export function canContinue(entry: StoredEntry): boolean {
  return entry.comparison.imported === undefined && entry.runs.some(canResume);
}
