/** Every variant of every family that a tuner may choose, forced one by one, against the float64 reference. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import type { GpuStudio } from '../../src/gpu/studio.ts';
import { callsOf } from '../../src/gpu/representative.ts';
import { classKey, classOf } from '../../src/plan/kernel-choices.ts';
import {
  ATTENTION_VARIANTS,
  MATMUL_VARIANTS,
  ROW_VARIANTS,
  variantsOf,
} from '../../src/plan/lower/variants.ts';
import type { OpAttributes } from '../../src/graph/program.ts';
import { checkOp, floats, type TestInput } from '../support/check-op.ts';
import { ONLY_WASM } from '../support/run-kernel.ts';

/** As on a real GPU, whose kernels these are, with one variant for all classes. */
const forced = (variant: string) => {
  const choices = new Proxy<Record<string, string>>({}, { get: () => variant });
  return { variants: { [variant]: { software: false, choices } } };
};

type MatMul = OpAttributes['MatMul'];
const attributes = (form: string, more: Partial<MatMul> = {}): MatMul => ({
  transA: form[0] === 'T',
  transB: form[1] === 'T',
  flattenK: form[0] === 'T',
  alpha: 1,
  ...more,
});

const matrix = (t: boolean, rows: number, columns: number, stream: number): TestInput =>
  floats(t ? [columns, rows] : [rows, columns], stream);

const ODD = new Set(['tiled 16×16', '4×8, 16×8, 16', '8×8, 8×8, 16', 'registers']);

describe.skipIf(ONLY_WASM)('products', () => {
  // Sizes that no tile divides, one by one; sizes in fours, with what follows a sum; a long sum, split.
  it.each(Object.keys(MATMUL_VARIANTS))(
    'by %s',
    async (variant) => {
      const inputs = (form: string, m: number, n: number, k: number) => ({
        a: matrix(form[0] === 'T', m, k, 1),
        b: matrix(form[1] === 'T', k, n, 2),
      });
      if (MATMUL_VARIANTS[variant].fill === 128) {
        // The same whatever the block, so for one of each file: software GPUs compile for seconds.
        if (ODD.has(variant))
          await checkOp(
            'MatMul',
            attributes('NN'),
            inputs('NN', 70, 37, 19),
            { y: [70, 37] },
            forced(variant),
          );
        await checkOp(
          'MatMul',
          attributes('NT', { activation: 'Gelu', alpha: 0.5 }),
          { ...inputs('NT', 68, 36, 40), bias: floats([36], 3), residual: floats([68, 36], 4) },
          { y: [68, 36], z: [68, 36] },
          forced(variant),
        );
      }
      await checkOp('MatMul', attributes('TN'), inputs('TN', 36, 20, 1100), { y: [36, 20] }, forced(variant));
    },
    300_000,
  );
});

describe.skipIf(ONLY_WASM)('attention', () => {
  it.each(Object.keys(ATTENTION_VARIANTS))(
    'by %s',
    async (variant) => {
      const options = forced(variant);
      const scale = 8 ** -0.5;
      const given = { heads: 2, scale, dropout: 0, dropoutId: 0 };
      const of = (tokens: number, stream: number) => floats([1, tokens, 16], stream);
      const [q, k, v] = [of(9, 1), of(70, 2), of(70, 3)];
      const outputs = { y: [1, 9, 16], lse: [1, 2, 9] };
      const { y, lse } = await checkOp('Attention', given, { q, k, v }, outputs, options);
      await checkOp(
        'AttentionGrad',
        given,
        {
          dy: of(9, 4),
          q,
          k,
          v,
          y: { shape: [1, 9, 16], data: y },
          lse: { shape: [1, 2, 9], data: lse },
        },
        { dq: [1, 9, 16], dk: [1, 70, 16], dv: [1, 70, 16] },
        { ...options, inputNames: ['dy', 'q', 'k', 'v', '', 'y', 'lse'], tolerance: 2e-5 },
      );
    },
    300_000,
  );
});

describe.skipIf(ONLY_WASM)('rows', () => {
  it.each(Object.keys(ROW_VARIANTS))(
    '%s',
    async (variant) => {
      await checkOp('Softmax', {}, { x: floats([5, 301], 1) }, { y: [5, 301] }, forced(variant));
      await checkOp(
        'LayerNorm',
        { epsilon: 1e-5 },
        { x: floats([5, 301], 1), gamma: floats([301], 2), beta: floats([301], 3) },
        { y: [5, 301], mean: [5], rstd: [5] },
        forced(variant),
      );
    },
    300_000,
  );
});

describe('classes of shapes', () => {
  it('are words that tell the sizes that stand for them', () => {
    const key = classKey({ family: 'matmul', form: 'NT', batch: 1, m: 1000, n: 768, k: 3072 });
    expect(key).toBe('matmul NT 1 1024 1024 4096');
    expect(classOf(key)).toEqual({ family: 'matmul', form: 'NT', batch: 1, m: 1024, n: 1024, k: 4096 });
    const attention = classKey({ family: 'attention', heads: 96, dim: 24, queries: 128, keys: 120 });
    expect(attention).toBe('attention 128 24 128 128');
    expect(classOf(attention)).toEqual({ family: 'attention', heads: 128, dim: 24, queries: 128, keys: 128 });
    expect(classOf(classKey({ family: 'rows', rows: 7, columns: 768 }))).toEqual({
      family: 'rows',
      rows: 8,
      columns: 1024,
    });
  });

  it('have the variants that the adapter’s limits allow', () => {
    const product = { family: 'matmul', form: 'NN', batch: 1, m: 1024, n: 1024, k: 256 } as const;
    const names = (storage: number, invocations: number) =>
      variantsOf(product, {
        limits: {
          maxComputeWorkgroupStorageSize: storage,
          maxComputeInvocationsPerWorkgroup: invocations,
        },
      } as Parameters<typeof variantsOf>[1]);
    expect(names(16384, 256)).toContain('8×8, 16×16, 8');
    // 16 deep, its two tiles of 33 fours a row take 16,896 bytes.
    expect(names(16384, 256)).not.toContain('8×8, 16×16, 16');
    expect(names(32768, 256)).toContain('8×8, 16×16, 16');
    expect(names(32768, 128)).not.toContain('8×8, 16×16, 16');
    expect(names(16384, 256).filter((name) => name.endsWith('512'))).toEqual([]);
    const long = { ...product, k: 1024 };
    expect(variantsOf(long, { limits: { ...LIMITS } }).filter((name) => name.endsWith('512'))).not.toEqual(
      [],
    );
  });
});

const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupsPerDimension: 65535,
  minStorageBufferOffsetAlignment: 256,
};

describe.skipIf(ONLY_WASM)('a device', () => {
  let studio: GpuStudio;
  beforeAll(async () => {
    studio = (await openNodeStudio(process.env.DELTA_ADAPTER ?? 'swiftshader')).studio as GpuStudio;
  }, 300_000);
  afterAll(() => studio.destroy());

  it('runs what stands for a class by a variant', () => {
    const profile = { ...studio.profile, software: false };
    const { calls } = callsOf('matmul TN 1 64 64 1024', '8×8, 8×8, 16, 512', profile);
    expect(calls.map(({ shader }) => shader)).toEqual(['matmul/blocked-fours-fours', 'matmul/split-sum']);
    expect(calls[0].constants).toMatchObject({ ROWS: 8, FOURS: 2, DEPTH: 16 });
    expect(calls[0].tunes).toBe('matmul TN 1 64 64 1024');
  });
});
