/**
 * Every variant of every family that a tuner may choose: all that it compiles is valid, and, at length, forced one by
 * one it is what the float64 reference says.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, globals } from 'webgpu';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { openDevice, type OpenedDevice } from '../../src/gpu/device.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { PipelineCache } from '../../src/gpu/pipelines.ts';
import type { GpuStudio } from '../../src/gpu/studio.ts';
import { callsOf } from '../../src/gpu/representative.ts';
import { classKey, classOf } from '../../src/plan/kernel-choices.ts';
import {
  ATTENTION_VARIANTS,
  MATMUL_VARIANTS,
  ROW_VARIANTS,
  variantsOf,
} from '../../src/plan/lower/variants.ts';
import type { AnyNode, OpAttributes, OpName } from '../../src/graph/program.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import { lowerNode } from '../../src/plan/lower/index.ts';
import { withSizes } from '../../src/plan/lower/sizes.ts';
import { sizeNames } from '../../src/plan/sizes-buffer.ts';
import { AT_LENGTH } from '../support/at-length.ts';
import { checkOp, floats, type TestInput } from '../support/check-op.ts';
import { ONLY_WASM, programOf } from '../support/run-kernel.ts';

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

/** All but subgroup matrices, which adapters here lack (matrices.test.ts). */
const PRODUCTS = Object.keys(MATMUL_VARIANTS).filter(
  (name) => MATMUL_VARIANTS[name].shader !== 'matmul/matrices',
);
const ODD = new Set(['tiled 16×16', '4×8, 16×8, 16', '8×8, 8×8, 16', 'two tiles, 8×8, 8×8, 8', 'registers']);

type Values = Record<string, TestInput>;
interface Case<Op extends OpName = OpName> {
  op: Op;
  attributes: OpAttributes[Op];
  inputs: Values;
  outputs: Record<string, number[]>;
  /** Where some are not wanted (''). */
  outputNames?: string[];
}

const product = (form: string, [m, n, k]: number[], more: Partial<MatMul> = {}, extra: Values = {}) => ({
  op: 'MatMul' as const,
  attributes: attributes(form, more),
  inputs: { a: matrix(form[0] === 'T', m, k, 1), b: matrix(form[1] === 'T', k, n, 2), ...extra },
  outputs: { y: [m, n], ...(more.activation && { z: [m, n] }) } as Record<string, number[]>,
});

/**
 * Sizes that no tile divides, one by one; sizes in fours, with what follows a sum; a long sum, split, with the sums of
 * b's columns.
 */
function products(variant: string): Case<'MatMul'>[] {
  const long = {
    ...product('TN', [36, 20, 1100]),
    outputs: { y: [36, 20], z: [36, 20], sums: [20] },
    outputNames: ['y', '', 'sums'],
  };
  if (MATMUL_VARIANTS[variant].fill !== 128) return [long];
  const after = { bias: floats([36], 3), residual: floats([68, 36], 4) };
  return [
    // The same whatever the block, so for one of each file: software GPUs compile for seconds.
    ...(ODD.has(variant) ? [product('NN', [70, 37, 19])] : []),
    product('NT', [68, 36, 40], { activation: 'Gelu', alpha: 0.5 }, after),
    long,
  ];
}

const ROWS: Case[] = [
  { op: 'Softmax', attributes: {}, inputs: { x: floats([5, 301], 1) }, outputs: { y: [5, 301] } },
  {
    op: 'LayerNorm',
    attributes: { epsilon: 1e-5 },
    inputs: { x: floats([5, 301], 1), gamma: floats([301], 2), beta: floats([301], 3) },
    outputs: { y: [5, 301], mean: [5], rstd: [5] },
  },
];

const tokens = (count: number, stream: number): TestInput => floats([1, count, 16], stream);
const ATTENTION = {
  attributes: { heads: 2, scale: 8 ** -0.5, dropout: 0, dropoutId: 0 },
  inputs: { q: tokens(9, 1), k: tokens(70, 2), v: tokens(70, 3) },
  outputs: { y: [1, 9, 16], lse: [1, 2, 9] },
};
const GRADIENT = {
  names: ['dy', 'q', 'k', 'v', '', 'y', 'lse'],
  outputs: { dq: [1, 9, 16], dk: [1, 70, 16], dv: [1, 70, 16] },
};

describe.runIf(AT_LENGTH)('forced, products', () => {
  it.each(PRODUCTS)(
    'by %s',
    async (variant) => {
      for (const { op, attributes: given, inputs, outputs, outputNames } of products(variant))
        await checkOp(op, given, inputs, outputs, { ...forced(variant), outputNames });
    },
    300_000,
  );
});

describe.runIf(AT_LENGTH)('forced, attention', () => {
  it.each(Object.keys(ATTENTION_VARIANTS))(
    'by %s',
    async (variant) => {
      const options = forced(variant);
      const { attributes: given, inputs, outputs } = ATTENTION;
      const { y, lse } = await checkOp('Attention', given, inputs, outputs, options);
      const more = {
        dy: tokens(9, 4),
        y: { shape: outputs.y, data: y },
        lse: { shape: outputs.lse, data: lse },
      };
      await checkOp('AttentionGrad', given, { ...inputs, ...more }, GRADIENT.outputs, {
        ...options,
        inputNames: GRADIENT.names,
        tolerance: 2e-5,
      });
    },
    300_000,
  );
});

describe.runIf(AT_LENGTH)('forced, rows', () => {
  it.each(Object.keys(ROW_VARIANTS))(
    '%s',
    async (variant) => {
      for (const { op, attributes: given, inputs, outputs } of ROWS)
        await checkOp(op, given, inputs, outputs, forced(variant));
    },
    300_000,
  );
});

describe('what is compiled for a variant is valid', () => {
  // Validates all and runs nothing. The package's process ends when this is forgotten before its devices.
  const gpu = create(['backend=null']);
  let opened: OpenedDevice;
  let pipelines: PipelineCache;
  beforeAll(async () => {
    Object.assign(globalThis, globals);
    opened = await openDevice(gpu);
    pipelines = new PipelineCache(opened.device, nodeShaders);
  });
  afterAll(() => opened.destroy());

  async function compile<Op extends OpName>(
    variant: string,
    { op, attributes: given, inputs, outputs, outputNames }: Case<Op>,
    names?: string[],
  ): Promise<number> {
    const shapes = Object.fromEntries(Object.entries(inputs).map(([id, { shape }]) => [id, shape]));
    const wanted = Object.entries(outputs).filter(([id]) => outputNames?.includes(id) ?? true);
    const { program, node } = programOf(op, given, shapes, Object.fromEntries(wanted), {
      inputs: names,
      outputs: outputNames,
    });
    const profile = { ...opened.profile, ...forced(variant).variants[variant] };
    const calls = lowerNode(node as unknown as AnyNode, program, profile);
    for (const call of calls) {
      const { shader, entry, constants, sizes = {}, operands } = withSizes(call, profile);
      const access = operands.map((one) => (one.access === 'read' ? 'read' : 'read_write'));
      const aliases = access.map((_, i) => i);
      await pipelines.get(shader, entry, { constants, sizes: sizeNames(sizes), access, aliases });
    }
    return calls.length;
  }

  it.each(PRODUCTS)('products by %s', async (variant) => {
    // Of a tile that is larger than this device's workgroups hold, the tuner is offered nothing, and rightly so.
    const long = { family: 'matmul', form: 'NN', batch: 1, m: 1024, n: 1024, k: 1024 } as const;
    const offered = variantsOf(long, opened.profile).includes(variant);
    for (const one of products(variant))
      if (offered) expect(await compile(variant, one)).toBeGreaterThan(0);
      else await expect(compile(variant, one)).rejects.toThrow(/use of workgroup storage .* is larger/);
  });

  it.each(Object.keys(ATTENTION_VARIANTS))('attention by %s', async (variant) => {
    expect(await compile(variant, { op: 'Attention', ...ATTENTION })).toBeGreaterThan(0);
    const inputs = { dy: tokens(9, 4), ...ATTENTION.inputs, y: tokens(9, 5), lse: floats([1, 2, 9], 6) };
    const { attributes: given } = ATTENTION;
    const gradient = { op: 'AttentionGrad' as const, attributes: given, inputs, outputs: GRADIENT.outputs };
    expect(await compile(variant, gradient, GRADIENT.names)).toBeGreaterThan(0);
  });

  it.each(Object.keys(ROW_VARIANTS))('rows %s', async (variant) => {
    for (const one of ROWS) expect(await compile(variant, one)).toBeGreaterThan(0);
  });
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

  it('tell attention’s backward pass from its forward pass', () => {
    const key = classKey({ family: 'attention-grad', heads: 96, dim: 64, queries: 128, keys: 120 });
    expect(key).toBe('attention-grad 128 64 128 128');
    expect(classOf(key)).toEqual({
      family: 'attention-grad',
      heads: 128,
      dim: 64,
      queries: 128,
      keys: 128,
    });
    const { calls } = callsOf(key, '32 × 64, 128 lanes', DEFAULT_PROFILE);
    expect(calls.map(({ shader, tunes }) => [shader, tunes])).toEqual([
      ['attention/backward-stats', undefined],
      ['attention/backward-query-tiled', key],
      ['attention/backward-key-value-tiled', key],
    ]);
    const forward = callsOf(key.replace('-grad', ''), '32 × 64, 128 lanes', DEFAULT_PROFILE);
    expect(forward.calls.map(({ shader, workgroups }) => [shader, workgroups])).toEqual([
      ['attention/forward-tiled', [4, 128, 1]],
    ]);
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
