import { PhiloxStream } from '../graph/philox.ts';
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { permutation } from './batching/order.ts';
import { SPLIT_STREAM } from './streams.ts';
import { dataError } from './table/error.ts';

/**
 * Holds out a fraction of the rows, drawn without replacement from (seed, rows) alone. Both parts keep
 * the file's order.
 * @throws StudioError for a fraction outside (0, 1) or too few rows to split
 */
export function splitRows(
  rows: number,
  fraction: number,
  seed: number,
  file: string,
): { train: number[]; validation: number[] } {
  if (!(fraction > 0 && fraction < 1))
    throw new StudioError(
      'spec',
      say`${field('data.validation')} is ${fraction}; give a file or a fraction between 0 and 1.`,
      {
        where: 'data.validation',
      },
    );
  const held = Math.max(1, Math.round(rows * fraction));
  if (held >= rows)
    throw dataError(
      file,
      null,
      rows === 1
        ? say`1 row cannot be split into training and validation; add rows`
        : say`${rows} rows cannot be split into training and validation; add rows`,
    );
  const drawn = permutation(rows, new PhiloxStream(seed, SPLIT_STREAM));
  const validation = Array.from(drawn.subarray(0, held)).sort((a, b) => a - b);
  const train = Array.from(drawn.subarray(held)).sort((a, b) => a - b);
  return { train, validation };
}
