/**
 * Philox stream numbers used by the data layer (`src/graph/philox.ts`: key = (seed, stream)). One place,
 * so that no two uses of randomness ever share a stream. Dropout nodes number their streams from 0 and
 * tensor initialisation has its own range; the data layer's begin at 0xDA7A0000.
 */

/** Order of the training rows; the Philox step is the epoch, from 0. */
export const SHUFFLE_STREAM = 0xda7a0001;

/** Rows of each class that `data.fewShot` keeps; the Philox step is 0. */
export const FEW_SHOT_STREAM = 0xda7a0003;

/** Which rows a `validation` fraction holds out; the Philox step is 0. */
export const SPLIT_STREAM = 0xda7a0002;

/** Which of several tasks a step trains; the Philox step is the round, from 0. */
export const TASK_STREAM = 0xda7a0005;

/** Which training rows a run is scored on at its end; the Philox step is 0. */
export const SAMPLE_STREAM = 0xda7a0004;
