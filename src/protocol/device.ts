/** What the engine is to run on, and what it runs on. */
import type { AdapterProfile } from '../plan/kernel-call.ts';
import type { Sentence } from '../sentence.ts';

/** As a person writes it; what is absent is the engine's to choose. */
export interface DeviceWish {
  /** `gpu`, `wasm`, or a software GPU by its name. */
  adapter?: string;
  /** Of the processor, from 1 to 64. */
  threads?: string;
  /** How a GPU's kernels are chosen: `off`, `quick` or `full`. */
  tune?: string;
}

export interface DeviceReply {
  type: 'device';
  adapter: AdapterProfile;
  /** Of the processor; null on a GPU. */
  threads: number | null;
  /** Why there is no GPU, or but one thread, and what to do about it, a sentence each. */
  notes: Sentence[];
}
