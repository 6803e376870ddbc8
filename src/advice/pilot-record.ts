/** What is kept of a pilot. */
import type { Interval } from '../evidence/samples.ts';
import type { Pilot } from './halving.ts';

/** A pilot as it is written down. */
export interface PilotRecord extends Pilot {
  method: string;
  learningRate: number | null;
  metrics: Record<string, number> | null;
  /** What it answered, by row of those it was scored on; null where rows have no answers of their own. */
  answers?: number[] | null;
  /** Of its score over those rows, 95 %. */
  interval?: Interval | null;
  /** What it held on the device. */
  bytes: number;
}
