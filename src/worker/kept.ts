import type { RunStore } from '../runs/storage/run-store.ts';
import type { StoredComparison } from '../runs/storage/stored.ts';
import type { Earlier } from './stored-comparison.ts';

/** Whom the storage of model and data files is reported for. */
export const INPUTS = 'inputs';

/** A comparison in the store. With `release` it is this engine's to train. */
export interface Kept {
  store: RunStore;
  comparison: StoredComparison;
  /** Whether its record is in the store already. */
  created?: boolean;
  release?: () => void;
  earlier?: Earlier;
}
