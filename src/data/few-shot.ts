/** A few rows of every class, as few-shot studies draw them. */
import { field, say } from '../sentence.ts';
import { PhiloxStream } from '../graph/philox.ts';
import { permutation } from './batching/order.ts';
import type { LabelSpace } from './labels.ts';
import { FEW_SHOT_STREAM } from './streams.ts';
import { dataError, quoted } from './table/error.ts';

/**
 * Draws `count` rows of each class that occurs, without replacement, from (seed, labels) alone.
 * @param labels class of every candidate
 * @returns indices into `labels`, ascending
 * @throws StudioError('data') where a class has fewer
 */
export function fewShotRows(
  labels: ArrayLike<number>,
  space: LabelSpace,
  count: number,
  seed: number,
  file: string,
): number[] {
  const kept: number[] = [];
  const taken = new Array<number>(space.names.length).fill(0);
  const order = permutation(labels.length, new PhiloxStream(seed, FEW_SHOT_STREAM));
  for (const row of order) {
    if (taken[labels[row]] >= count) continue;
    taken[labels[row]]++;
    kept.push(row);
  }
  const short = taken.findIndex((rows) => rows > 0 && rows < count);
  if (short >= 0)
    throw dataError(
      file,
      null,
      say`${field('data.fewShot')} asks for ${count} rows of each class and ${quoted(space.names[short])} has ${taken[short]}; lower it or add rows`,
    );
  return kept.sort((a, b) => a - b);
}
