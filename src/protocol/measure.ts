/** Messages of "Measure this device". */
import type { Measurement, MeasureProgress } from '../measure/measure.ts';

export type MeasureRequest =
  | { type: 'measure'; id: number }
  /** What is being measured is the last. */
  | { type: 'stopMeasuring' };

export type MeasureReply =
  | { type: 'measuring'; progress: MeasureProgress }
  /** Null when it was stopped. */
  | { type: 'measured'; id: number; measurement: Measurement | null };
