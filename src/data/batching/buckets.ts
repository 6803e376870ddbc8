/** Length buckets: static shapes need few lengths, so a batch takes the smallest bucket that holds it. */

/** Fine steps where texts are short, coarse where they are long: at most a third of a row is padding. */
export const DEFAULT_BUCKETS: readonly number[] = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/**
 * Buckets up to `maxLength`, which is always the last one.
 * @param buckets ascending token counts
 */
export function bucketsUpTo(maxLength: number, buckets: readonly number[] = DEFAULT_BUCKETS): number[] {
  const below = buckets.filter((bucket) => bucket < maxLength);
  const last = below.at(-1) ?? 0;
  // Beyond the table, double: long inputs have few lengths worth a plan of their own.
  const more: number[] = [];
  for (let bucket = last * 2; last >= 512 && bucket < maxLength; bucket *= 2) more.push(bucket);
  return [...below, ...more, maxLength];
}

/** The smallest bucket that holds `length` tokens. @throws if none does: rows were truncated to the last */
export function bucketOf(length: number, buckets: readonly number[]): number {
  const bucket = buckets.find((candidate) => candidate >= length);
  if (bucket === undefined)
    throw new Error(`internal: no bucket of ${buckets.join(', ')} holds ${length} tokens`);
  return bucket;
}

/**
 * Buckets of an encoded data set: token counts of the texts and, where there are targets, of these. Every pair of
 * the two may come to need a plan of its own, so text to text has at most three times two, cut to what the rows
 * really need.
 */
export interface Buckets {
  lengths: readonly number[];
  targetLengths?: readonly number[];
}

/** @param longest tokens of the longest text and target there are */
export function pairBuckets(longest: number, longestTarget: number): Buckets {
  const shares = (of: number, parts: readonly number[], step: number): number[] => {
    const sizes = parts.map((part) => Math.ceil((of * part) / step) * step);
    return [...new Set(sizes)];
  };
  return {
    lengths: shares(longest, [1 / 4, 1 / 2, 1], 8),
    // Short targets, such as label words, are padded to one length.
    targetLengths: shares(longestTarget, longestTarget > 16 ? [1 / 2, 1] : [1], 4),
  };
}
