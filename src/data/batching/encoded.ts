/** A data set as token ids: flat arrays, so that a large one costs four bytes a token. */
import type { Dataset } from '../dataset.ts';
import { dataError } from '../table/error.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export interface EncodedDataset {
  dataset: Dataset;
  rows: number;
  /** Tokens of all rows, one after another; row r is `offsets[r]` to `offsets[r + 1]`. */
  ids: Int32Array;
  /** Segment of every token, 0 or 1. */
  typeIds: Uint8Array;
  /** [rows + 1] */
  offsets: Int32Array;
  labels: Int32Array | Float32Array;
  /** Tokens a row may have, special tokens counted. */
  maxLength: number;
  /** Rows cut to `maxLength`, and rows with a token the vocabulary does not know. */
  truncated: number;
  unknown: number;
  /** Tokens of the longest row. */
  longest: number;
  padId: number;
}

/**
 * Tokenizes every row.
 * @param maxLength counts special tokens, not virtual ones
 * @throws StudioError with the row's line where a token does not fit the model's vocabulary
 */
export function encodeDataset(dataset: Dataset, tokenizer: Tokenizer, maxLength: number): EncodedDataset {
  const offsets = new Int32Array(dataset.rows + 1);
  let ids = new Int32Array(dataset.rows * 32 + 64);
  let typeIds = new Uint8Array(ids.length);
  let truncated = 0;
  let unknown = 0;
  let longest = 0;
  for (let row = 0; row < dataset.rows; row++) {
    const encoded = tokenizer.encode(dataset.texts[row], dataset.pairs?.[row] ?? null, maxLength);
    const length = encoded.ids.length;
    if (length === 0)
      throw dataError(
        dataset.name,
        dataset.lines[row],
        'the text has no tokens; fill it in or remove the line',
      );
    const end = offsets[row] + length;
    if (end > ids.length) {
      const grown = new Int32Array(Math.max(end, ids.length * 2));
      grown.set(ids);
      ids = grown;
      const grownTypes = new Uint8Array(ids.length);
      grownTypes.set(typeIds);
      typeIds = grownTypes;
    }
    ids.set(encoded.ids, offsets[row]);
    typeIds.set(encoded.typeIds, offsets[row]);
    offsets[row + 1] = end;
    if (encoded.truncated) truncated++;
    if (tokenizer.unknownId !== null && encoded.ids.includes(tokenizer.unknownId)) unknown++;
    longest = Math.max(longest, length);
  }
  const total = offsets[dataset.rows];
  return {
    dataset,
    rows: dataset.rows,
    ids: ids.slice(0, total),
    typeIds: typeIds.slice(0, total),
    offsets,
    labels: dataset.labels,
    maxLength,
    truncated,
    unknown,
    longest,
    padId: tokenizer.padId,
  };
}

/** Tokens of one row. */
export function lengthOf(data: EncodedDataset, row: number): number {
  return data.offsets[row + 1] - data.offsets[row];
}

/** One sentence about cut rows and unknown tokens, null where there are none. */
export function encodingNote(data: EncodedDataset): string | null {
  const parts: string[] = [];
  if (data.truncated > 0)
    parts.push(`${data.truncated} of ${data.rows} rows were cut to ${data.maxLength} tokens`);
  if (data.unknown > 0) parts.push(`${data.unknown} of ${data.rows} rows hold a token the vocabulary lacks`);
  return parts.length > 0 ? `${data.dataset.name}: ${parts.join('; ')}.` : null;
}
