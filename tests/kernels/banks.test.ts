/** How invocations meet in the banks of a workgroup's memory, counted from the layouts that the shaders' texts say. */
import { describe, expect, it } from 'vitest';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { loadShader } from '../../src/gpu/shaders.ts';
import { specialise } from '../../src/gpu/specialise.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import { tilesOf } from '../../src/plan/lower/attention-tiles.ts';
import { ATTENTION_TILES, MATMUL_VARIANTS, type MatMulVariant } from '../../src/plan/lower/variants.ts';
import { bankUses, type BankUse } from '../support/banks.ts';

/** The text of a kernel of so many bindings with its constants. */
const textOf = (shader: string, bindings: number, constants: Record<string, number>): string =>
  specialise(shader, loadShader(nodeShaders, shader), {
    constants,
    access: Array.from({ length: bindings }, () => 'read_write' as const),
    aliases: Array.from({ length: bindings }, (_, i) => i),
  });

const conflicts = (uses: readonly BankUse[]): string[] => [
  ...new Set(uses.filter(({ times }) => times > 1).map((one) => `${one.times} × ${one.kind} ${one.access}`)),
];

const KERNELS = [
  ['forward', 7, 'queries'],
  ['backward-query', 7, 'queries'],
  ['backward-key-value', 8, 'keys'],
] as const;

describe.each(Object.entries(ATTENTION_TILES))('attention in tiles of %s', (_name, tiles) => {
  const usesOf = (
    dim: number,
    maxComputeWorkgroupStorageSize: number,
  ): [Record<string, number>, BankUse[]][] =>
    KERNELS.map(([kernel, bindings, owner]) => {
      const limits = { ...DEFAULT_PROFILE.limits, maxComputeWorkgroupStorageSize };
      const constants = tilesOf(owner, tiles, dim, { limits })!;
      const text = textOf(`attention/${kernel}-tiled`, bindings, { ...constants, DIM: dim });
      const two = [0, 1];
      const one = [0];
      const loops = {
        d: two,
        r: two,
        j: two,
        g: two,
        token: two,
        other: two,
        c: one,
        first: one,
        part: one,
        span: one,
      };
      return [constants, bankUses(text, ['memory'], (lane) => ({ lane, item: lane }), loops)];
    });

  it('meets in no bank where a chunk is eight fours deep', () => {
    for (const [{ DEPTH }, uses] of usesOf(64, 32768)) {
      expect(DEPTH).toBe(8);
      expect(uses.length).toBeGreaterThan(6);
      expect(conflicts(uses)).toEqual([]);
    }
  });

  it('meets in two at most, and never in a load, where it is four', () => {
    for (const [, uses] of usesOf(16, 16384)) {
      expect(uses.filter(({ kind, times }) => kind === 'load' && times > 1)).toEqual([]);
      expect(Math.max(...uses.map(({ times }) => times))).toBe(2);
    }
  });
});

// The tuner's tiles, and the usual ones; both operands along K and across it.
const PRODUCTS = Object.entries(MATMUL_VARIANTS).filter(
  ([, { shader, fill }]) => !/general|matrices/.test(shader) && fill === 128,
);

/** Most times that memory is asked for loads and for stores, by where operands are neighbours: NT along K, TN across it. */
function timesOf({ shader, rows, columns, threads: [x, y], depth }: MatMulVariant, form: 'NT' | 'TN') {
  const strides =
    form === 'NT' ? { A_ROW: 64, A_K: 1, B_K: 1, B_COLUMN: 64 } : { A_ROW: 1, A_K: 64, B_K: 64, B_COLUMN: 1 };
  const text = textOf(shader === 'matmul/tiled' ? shader : `${shader}-fours-fours`, 7, {
    ...strides,
    THREADS_X: x,
    THREADS_Y: y,
    ...(shader !== 'matmul/tiled' && { ROWS: rows, FOURS: columns / 4, DEPTH: depth }),
  });
  // Of the two ways to read a tile one is compiled out.
  const block = shader !== 'matmul/tiled' && form === 'NT';
  const skipped = (access: string): boolean =>
    /\bi\b/.test(access) ? !block : /\b(group|four)\b|item/.test(access) && block;
  const two = [0, 1];
  const loops = { i: [0, 1, 2, 3], now: two, c: [0], g: two };
  const namesOf = (lane: number) => ({
    item: lane,
    thread: lane,
    'local.x': lane % x,
    'local.y': Math.floor(lane / x),
  });
  const uses = bankUses(text, ['tileA', 'tileB'], namesOf, loops).filter(({ access }) => !skipped(access));
  const most = (kind: BankUse['kind']): number =>
    Math.max(...uses.filter((one) => one.kind === kind).map(({ times }) => times));
  return { loads: most('load'), stores: most('store') };
}

describe.each(PRODUCTS)('products by %s', (_name, variant) => {
  it('load without conflicts, and store so where operands are neighbours across K', () => {
    expect(timesOf(variant, 'TN')).toEqual({ loads: 1, stores: 1 });
  });

  it('store with as many as a tile is deep in eights where they are neighbours along K, and are read in fours', () => {
    const { shader, depth } = variant;
    expect(timesOf(variant, 'NT')).toEqual({ loads: 1, stores: shader === 'matmul/tiled' ? 1 : depth / 8 });
  });
});

it('what is counted are distinct fours of eight neighbours in the same banks', () => {
  const text =
    'let at = 8u * lane; tile[at] = x; let y = tile[lane] + tile[at / 8u] + tile[min(at, 8u)] + tile[0u];';
  const times = bankUses(text, ['tile'], (lane) => ({ lane }), {}).map(
    ({ kind, times: n }) => `${kind} ${n}`,
  );
  expect(times).toEqual(['store 8', 'load 1', 'load 1', 'load 2', 'load 1']);
});
