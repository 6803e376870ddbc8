/** The variants of each family of kernels that a tuner chooses among (kernel-choices.ts), as data. */
import type { AdapterProfile } from '../kernel-call.ts';
import type { ShapeClass } from '../kernel-choices.ts';
import { tilesOf, type AttentionTiles } from './attention-tiles.ts';

/** A product's kernel: how many sums an invocation makes, of how many invocations, on tiles how deep. */
export interface MatMulVariant {
  shader: 'matmul/tiled' | 'matmul/blocked' | 'matmul/buffered' | 'matmul/matrices' | 'matmul/general';
  /** Of `blocked` and `buffered`; the others make 4 by 4. */
  rows: 4 | 8;
  columns: 4 | 8;
  /** Invocations of a workgroup along N and M; `matrices` has four subgroups instead. */
  threads: readonly [number, number];
  /** Of a tile along K. */
  depth: 8 | 16 | 32;
  /** Workgroups that long sums are split into, where the result alone makes fewer. */
  fill: 128 | 512;
}

const block = (
  rows: 4 | 8,
  columns: 4 | 8,
  threads: readonly [number, number],
  depth: 8 | 16 | 32,
): Omit<MatMulVariant, 'fill'> => ({ shader: 'matmul/blocked', rows, columns, threads, depth });

/** With the next tile read while one is multiplied. */
const twice = (variant: Omit<MatMulVariant, 'fill'>): Omit<MatMulVariant, 'fill'> => ({
  ...variant,
  shader: 'matmul/buffered',
});

const tiles: Readonly<Record<string, Omit<MatMulVariant, 'fill'>>> = {
  'tiled 16×16': { ...block(4, 4, [16, 16], 16), shader: 'matmul/tiled' },
  'tiled 8×8': { ...block(4, 4, [8, 8], 16), shader: 'matmul/tiled' },
  '4×4, 16×16, 16': block(4, 4, [16, 16], 16),
  '4×4, 8×8, 32': block(4, 4, [8, 8], 32),
  '8×4, 16×8, 16': block(8, 4, [16, 8], 16),
  '4×8, 16×8, 16': block(4, 8, [16, 8], 16),
  '8×8, 8×8, 16': block(8, 8, [8, 8], 16),
  '8×8, 8×8, 8': block(8, 8, [8, 8], 8),
  '8×8, 16×8, 16': block(8, 8, [16, 8], 16),
  '8×8, 16×16, 8': block(8, 8, [16, 16], 8),
  '8×8, 16×16, 16': block(8, 8, [16, 16], 16),
  'two tiles, 4×4, 16×16, 8': twice(block(4, 4, [16, 16], 8)),
  'two tiles, 8×8, 8×8, 8': twice(block(8, 8, [8, 8], 8)),
  'two tiles, 8×8, 8×8, 16': twice(block(8, 8, [8, 8], 16)),
  'two tiles, 8×8, 16×16, 8': twice(block(8, 8, [16, 16], 8)),
  'subgroup matrices': { ...block(4, 4, [16, 16], 16), shader: 'matmul/matrices' },
  registers: { ...block(4, 4, [8, 8], 16), shader: 'matmul/general' },
};

/** By name: each of the tiles, and with long sums split until a large GPU is full. */
export const MATMUL_VARIANTS: Readonly<Record<string, MatMulVariant>> = Object.fromEntries(
  Object.entries(tiles).flatMap(([name, variant]) =>
    ([128, 512] as const).flatMap((fill) =>
      fill === 512 && variant.shader === 'matmul/general'
        ? []
        : [[fill === 128 ? name : `${name}, ${fill}`, { ...variant, fill }]],
    ),
  ),
);

/** Attention's kernel of eight queries a workgroup: its invocations, and keys of a tile. */
interface AttentionByEight {
  lanes: number;
  tile: number;
}

const tiled = (own: 32 | 64, streamed: 32 | 64, along: 8 | 16, across: 8 | 16): [string, AttentionTiles] => [
  `${own} × ${streamed}, ${along * across} lanes`,
  { own, streamed, along, across },
];

/** Attention's kernels in tiles. The first that a device holds is the usual one where heads are no multiple of 4. */
export const ATTENTION_TILES: Readonly<Record<string, AttentionTiles>> = Object.fromEntries([
  tiled(32, 64, 8, 8),
  tiled(32, 64, 16, 8),
  tiled(64, 32, 8, 16),
  tiled(64, 64, 8, 16),
  tiled(64, 64, 16, 16),
]);

export const ATTENTION_VARIANTS: Readonly<Record<string, AttentionByEight | AttentionTiles>> = {
  ...Object.fromEntries(
    [16, 32, 64].flatMap((lanes) =>
      [64, 128].map((tile) => [`${lanes} lanes, ${tile} keys`, { lanes, tile }]),
    ),
  ),
  ...ATTENTION_TILES,
};

/** Invocations that reduce a row. */
export const ROW_VARIANTS: Readonly<Record<string, number>> = {
  'by 32': 32,
  'by 64': 64,
  'by 128': 128,
  'by 256': 256,
};

/** Bytes of a workgroup's tiles, with a four more a row against bank conflicts, and twice where there are two of each. */
function matMulStorage({ shader, rows, columns, threads: [x, y], depth }: MatMulVariant): number {
  if (shader === 'matmul/general') return 0;
  // Its 64 × 64 sums lie where its tiles lay.
  if (shader === 'matmul/matrices') return 4 * 64 * 64;
  const times = shader === 'matmul/buffered' ? 2 : 1;
  return times * 16 * depth * ((columns / 4) * x + (rows / 4) * y + 2);
}

/** Whether a device holds tiles of a class, and the class fills more than half of one. */
function holdsTiles(
  variant: AttentionTiles,
  { family, dim, queries, keys }: ShapeClass & { family: 'attention' | 'attention-grad' },
  limits: AdapterProfile['limits'],
): boolean {
  if (!tilesOf('queries', variant, dim, { limits }) || variant.own > 2 * queries) return false;
  return family === 'attention' || (!!tilesOf('keys', variant, dim, { limits }) && variant.own <= 2 * keys);
}

/** Names of the variants of a class that an adapter can run. */
export function variantsOf(
  shape: ShapeClass,
  { limits, matrices }: Pick<AdapterProfile, 'limits' | 'matrices'>,
): string[] {
  switch (shape.family) {
    case 'matmul': {
      // Only products of few workgroups are split, and only long sums.
      const splits = shape.batch === 1 && shape.k >= 512;
      return Object.entries(MATMUL_VARIANTS).flatMap(([name, variant]) => {
        if (variant.shader === 'matmul/matrices' && !matrices) return [];
        const [x, y] = variant.threads;
        if (variant.fill > 128 && !splits) return [];
        if (x * y > limits.maxComputeInvocationsPerWorkgroup) return [];
        return matMulStorage(variant) > limits.maxComputeWorkgroupStorageSize ? [] : [name];
      });
    }
    case 'attention':
    case 'attention-grad':
      return Object.entries(ATTENTION_VARIANTS).flatMap(([name, variant]) => {
        if ('own' in variant) return holdsTiles(variant, shape, limits) ? [name] : [];
        const { lanes, tile } = variant;
        // A tile longer than the keys computes what nobody reads; heads of other than fours are read in tiles alone.
        if ((tile > 64 && tile > 2 * shape.keys) || shape.dim % 4 !== 0) return [];
        // Of the backward pass, which has two tiles and two numbers a lane.
        return 64 * tile + 64 * lanes > limits.maxComputeWorkgroupStorageSize ? [] : [name];
      });
    case 'rows':
      return Object.entries(ROW_VARIANTS).flatMap(([name, size]) =>
        size > limits.maxComputeInvocationsPerWorkgroup ? [] : [name],
      );
  }
}
