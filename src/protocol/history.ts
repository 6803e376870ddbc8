/** Stored comparisons: taking one up again, opening one as it was left, and what storage has to say. */
import { type Sentence } from '../sentence.ts';

export type HistoryRequest =
  /**
   * Goes on with the runs that have not ended, from their checkpoints. Answered by `started`. `takeOver`: the lock of an
   * engine of this page that was ended, should that still have the comparison.
   */
  | { type: 'continue'; id: number; comparison: string; takeOver?: string }
  /** Opens a comparison as it was left, for its predictions and files. */
  | { type: 'adopt'; id: number; comparison: string };

export type HistoryReply =
  | { type: 'adopted'; id: number }
  /**
   * What is not stored, a sentence; null when all is. `unstored`: ids of the comparisons that are still to be written,
   * in whole or in part.
   */
  | { type: 'storage'; problem: Sentence | null; unstored: string[] };

/** Name of the channel on which tabs and workers tell each other that the store has changed. */
export const STORE_CHANNEL = 'delta-studio.store';
