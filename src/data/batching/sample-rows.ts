/** Some rows of an encoded data set, as a set of their own. */
import { PhiloxStream } from '../../graph/philox.ts';
import type { Dataset } from '../dataset.ts';
import { SAMPLE_STREAM } from '../streams.ts';
import type { EncodedDataset } from './encoded.ts';
import { permutation } from './order.ts';

/** Most rows of the training set that a run is scored on at its end: a share of them is told to about one point. */
export const MOST_SCORED_TRAIN_ROWS = 2000;

/** Rows drawn by a seed, in the set's order; the set itself where it has no more than that. */
export function sampleRows(data: EncodedDataset, most: number, seed: number): EncodedDataset {
  if (data.rows <= most) return data;
  const drawn = permutation(data.rows, new PhiloxStream(seed, SAMPLE_STREAM)).slice(0, most);
  return takeRows(
    data,
    Array.from(drawn).sort((a, b) => a - b),
  );
}

function takeRows(data: EncodedDataset, rows: readonly number[]): EncodedDataset {
  const { dataset, targets } = data;
  const flat = sliced(data, rows);
  const labels = picked(data.labels, rows);
  const { ids, offsets } = targets === null ? flat : sliced(targets, rows);
  return {
    ...data,
    rows: rows.length,
    ids: flat.ids,
    typeIds: Uint8Array.from(pieces(data.typeIds, data.offsets, rows)),
    offsets: flat.offsets,
    labels,
    targets: targets && { ...targets, ids, offsets },
    dataset: datasetRows(dataset, rows),
  };
}

function datasetRows(dataset: Dataset, rows: readonly number[]): Dataset {
  const of = <T>(values: readonly T[]): T[] => rows.map((row) => values[row]);
  return {
    ...dataset,
    rows: rows.length,
    texts: of(dataset.texts),
    pairs: dataset.pairs && of(dataset.pairs),
    targets: dataset.targets && of(dataset.targets),
    references: dataset.references && of(dataset.references),
    labels: picked(dataset.labels, rows),
    lines: of(dataset.lines),
  };
}

function picked(labels: Int32Array | Float32Array, rows: readonly number[]): Int32Array | Float32Array {
  const values = rows.map((row) => labels[row]);
  return labels instanceof Int32Array ? Int32Array.from(values) : Float32Array.from(values);
}

function sliced(
  { ids, offsets }: { ids: Int32Array; offsets: Int32Array },
  rows: readonly number[],
): { ids: Int32Array; offsets: Int32Array } {
  const ends = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (ends[i + 1] = ends[i] + offsets[row + 1] - offsets[row]));
  return { ids: Int32Array.from(pieces(ids, offsets, rows)), offsets: ends };
}

function* pieces(
  values: Int32Array | Uint8Array,
  offsets: Int32Array,
  rows: readonly number[],
): Generator<number> {
  for (const row of rows) yield* values.subarray(offsets[row], offsets[row + 1]);
}
