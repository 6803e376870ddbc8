/**
 * Attention in tiles (shaders/attention/tiles.wgsl): what a workgroup of a variant holds for heads of one width, as far as
 * the device's limits go.
 */
import type { AdapterProfile } from '../kernel-call.ts';

/** A workgroup of `across · along` invocations owns some tokens of a head and streams over the others in tiles. */
export interface AttentionTiles {
  /** Queries, or in the kernel of keys' and values' gradients keys. */
  own: 32 | 64;
  streamed: 32 | 64;
  /** Invocations along the streamed tokens, */
  along: 8 | 16;
  /** and along its own. */
  across: 8 | 16;
}

/** Whose gradients, or results, a workgroup sums. */
export type Owner = 'queries' | 'keys';

/** Fours of registers for sums, beyond which an invocation of any GPU would put them into memory. */
const MOST_SUMS = 32;
/** Fours of heads' numbers of the streamed tokens that are looked at between two barriers. */
const CHUNK = 256;

const odd = (n: number): number => n | 1;
const ceil = (n: number, d: number): number => Math.ceil(n / d);

/** The largest of `sizes` with which `fours` of workgroup memory fit. */
const largest = (
  sizes: readonly number[],
  fours: (size: number) => number,
  limits: AdapterProfile['limits'],
): number | undefined => sizes.find((size) => 16 * fours(size) <= limits.maxComputeWorkgroupStorageSize);

/**
 * Constants of a kernel in tiles.
 * @param dim numbers of a head
 * @returns undefined where the device's workgroups do not hold it
 */
export function tilesOf(
  owner: Owner,
  { own, streamed, along, across }: AttentionTiles,
  dim: number,
  { limits }: Pick<AdapterProfile, 'limits'>,
): Record<string, number> | undefined {
  const lanes = along * across;
  const fours = ceil(dim, 4);
  const byQueries = owner === 'queries';
  const queriesEach = byQueries ? own / across : streamed / along;
  const foursEach = (byQueries ? streamed / along : own / across) / 4;
  const columnsEach = ceil(fours, along);
  const sums = byQueries ? queriesEach * columnsEach : 8 * foursEach * columnsEach;
  if (sums > MOST_SUMS || lanes > limits.maxComputeInvocationsPerWorkgroup) return undefined;

  const depths = [Math.min(8, fours), Math.min(4, fours)];
  const depth = largest(depths, (size) => (own + streamed) * odd(size), limits);
  const spans = [64, 32, 16, 8, 4].filter((size) => size === 4 || size * fours <= CHUNK);
  const parts = [streamed, streamed / 2, streamed / 4];
  const spanOf = (part: number): number => spans.find((size) => size <= part)!;
  const weights = (part: number): number => (byQueries ? own * odd(part / 4) : part * odd(own / 4));
  const part = largest(parts, (size) => weights(size) + spanOf(size) * fours, limits);
  if (depth === undefined || part === undefined) return undefined;
  // What invocations tell one another: a number a query.
  if (byQueries && 4 * queriesEach * lanes > limits.maxComputeWorkgroupStorageSize) return undefined;
  return {
    LANES: lanes,
    QUERY_LANES: byQueries ? across : along,
    KEY_LANES: byQueries ? along : across,
    QUERIES_EACH: queriesEach,
    FOURS_EACH: foursEach,
    COLUMNS_EACH: columnsEach,
    DEPTH: depth,
    PART: part,
    SPAN: spanOf(part),
  };
}
