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
