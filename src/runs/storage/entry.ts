/**
 * A comparison as the database has it, and as the rest may use it. What is stored may be older than a check, or may
 * have been written by a version with other ideas: it is read where it is used, so that one that does not read
 * harms no other.
 */
import { StudioError } from '../../errors.ts';
import { say, type Sentence } from '../../sentence.ts';
import { shownName } from '../file-names.ts';
import { comparisonSchema, firstIssue, stateSchema } from './stored-schema.ts';
import { waitingRun, type StoredEntry } from './stored.ts';

/** Nothing is known of what is in it. */
export interface RawEntry {
  id: string;
  comparison: unknown;
  /** States of its runs, in any order. */
  runs: readonly unknown[];
}

/** A stored comparison that cannot be read. */
export interface DamagedEntry {
  id: string;
  /** Its name where there is one, else its id. */
  name: string;
  /** What is wrong with it and what to do, as one sentence. */
  damage: Sentence;
}

const checked = new WeakMap<RawEntry, StoredEntry | DamagedEntry>();

/** The comparison, or what is left to say of it. An entry is looked at once. */
export function entryOrDamage(raw: RawEntry): StoredEntry | DamagedEntry {
  const known = checked.get(raw);
  if (known !== undefined) return known;
  const found = check(raw);
  checked.set(raw, found);
  return found;
}

export function isDamaged(entry: StoredEntry | DamagedEntry): entry is DamagedEntry {
  return 'damage' in entry;
}

/** @throws StudioError('storage') for one that cannot be read */
export function readEntry(raw: RawEntry): StoredEntry {
  const entry = entryOrDamage(raw);
  if (!isDamaged(entry)) return entry;
  throw new StudioError('storage', entry.damage);
}

function check(raw: RawEntry): StoredEntry | DamagedEntry {
  const name = nameOf(raw);
  const damaged = (why: Sentence): DamagedEntry => ({
    id: raw.id,
    name,
    damage: say`The stored comparison ${name} cannot be read: ${why}; save it as a file or delete it in the history.`,
  });
  try {
    const comparison = comparisonSchema.safeParse(raw.comparison);
    if (!comparison.success) return damaged(firstIssue(comparison.error));
    const states = new Map<string, StoredEntry['runs'][number]>();
    for (const value of raw.runs) {
      const state = stateSchema.safeParse(withoutPredictions(value));
      if (!state.success) return damaged(say`of a run ${firstIssue(state.error)}`);
      states.set(state.data.run, state.data);
    }
    return {
      comparison: comparison.data,
      runs: comparison.data.runs.map(({ run }) => states.get(run) ?? waitingRun(raw.id, run)),
    };
  } catch {
    // Nested so deep that not even what is wrong with it can be said.
    return damaged(say`it is nested too deep`);
  }
}

/** Where the first version of the database kept them. */
function withoutPredictions(state: unknown): unknown {
  if (typeof state !== 'object' || state === null || !('predictions' in state)) return state;
  const { predictions: _, ...rest } = state;
  return rest;
}

function nameOf({ id, comparison }: RawEntry): string {
  const { name } = (comparison ?? {}) as { name?: unknown };
  return shownName(typeof name === 'string' && name.trim() !== '' ? name : [id].join());
}
