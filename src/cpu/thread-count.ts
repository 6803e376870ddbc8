/** How many threads to use. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

const MOST_THREADS = 64;

/**
 * @param wanted what was asked for, if anything
 * @param cores how many there are, taken where nothing was asked
 * @param name of what was asked, for the sentence
 * @throws StudioError('device')
 */
export function readThreads(wanted: string | undefined, cores: number, name: string): number {
  if (wanted === undefined || wanted === '') return Math.min(Math.max(1, cores), MOST_THREADS);
  const threads = Number(wanted);
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new StudioError('device', say`${name} is ${wanted}: give a number of threads from 1 to 64.`, {
      where: name,
    });
  return threads;
}
