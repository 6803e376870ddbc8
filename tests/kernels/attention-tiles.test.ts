/**
 * Attention in tiles, each variant forced: what a workgroup holds by the device's limits, and, at length, that what it
 * computes is what the float64 reference says.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, globals } from 'webgpu';
import { openDevice, type OpenedDevice } from '../../src/gpu/device.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { PipelineCache } from '../../src/gpu/pipelines.ts';
import type { AnyNode } from '../../src/graph/program.ts';
import { attention } from '../../src/graph/reference/attention.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import type { AdapterProfile, KernelCall } from '../../src/plan/kernel-call.ts';
import { tilesOf } from '../../src/plan/lower/attention-tiles.ts';
import { lowerNode } from '../../src/plan/lower/index.ts';
import { ATTENTION_TILES, variantsOf } from '../../src/plan/lower/variants.ts';
import { AT_LENGTH } from '../support/at-length.ts';
import { build, checkBackward, checkForward, type Case } from '../support/check-attention.ts';
import { asRef, randomData, relativeError } from '../support/random.ts';
import { ONLY_WASM, programOf, runNode, testDevice } from '../support/run-kernel.ts';

const VARIANTS = Object.keys(ATTENTION_TILES);
const LARGEST = '64 × 64, 256 lanes';

/** As on a real GPU, with one variant for all classes. */
const forced = (variant: string, more: Partial<AdapterProfile> = {}): Partial<AdapterProfile> => ({
  software: false,
  choices: new Proxy<Record<string, string>>({}, { get: () => variant }),
  ...more,
});
const limits = (storage: number, invocations = 256): AdapterProfile['limits'] => ({
  ...DEFAULT_PROFILE.limits,
  maxComputeWorkgroupStorageSize: storage,
  maxComputeInvocationsPerWorkgroup: invocations,
});

/** The kernels of both passes over heads of so many numbers. */
function callsOf(dim: number, profile: AdapterProfile): KernelCall[] {
  const own = [1, 9, 2 * dim];
  const attributes = { heads: 2, scale: 1, dropout: 0.1, dropoutId: 0 };
  const inputs = { q: own, k: own, v: own, bias: [1, 1, 1, 9] };
  const results = { y: own, lse: [1, 2, 9] };
  const forward = programOf('Attention', attributes, inputs, results);
  const backward = programOf(
    'AttentionGrad',
    attributes,
    { dy: own, ...inputs, ...results },
    { dq: own, dk: own, dv: own, dbias: [1, 1, 9, 9] },
  );
  return [forward, backward].flatMap(({ node, program }) =>
    lowerNode(node as unknown as AnyNode, program, profile),
  );
}

describe('a workgroup of attention in tiles', () => {
  // Validates all and runs nothing.
  const gpu = create(['backend=null']);
  let opened: OpenedDevice;
  let pipelines: PipelineCache;
  beforeAll(async () => {
    Object.assign(globalThis, globals);
    opened = await openDevice(gpu, { defaultLimits: true });
    pipelines = new PipelineCache(opened.device, nodeShaders);
  });
  afterAll(() => opened.destroy());

  it.each(VARIANTS)('of %s fits a device of the default limits, whatever the head', async (variant) => {
    for (const dim of [4, 6, 8, 24, 37, 64, 80, 128, 130, 256]) {
      for (const subgroups of [false, true]) {
        const calls = callsOf(dim, { ...opened.profile, ...forced(variant), subgroups });
        for (const { shader, entry, constants, operands } of calls) {
          const access = operands.map((one) => (one.access === 'read' ? 'read' : 'read_write'));
          await pipelines.get(shader, entry, { constants, access, aliases: access.map((_, i) => i) });
        }
      }
    }
  });

  it('holds as much at a time as the device allows', () => {
    const of = (storage: number) =>
      tilesOf('queries', ATTENTION_TILES[LARGEST], 64, { limits: limits(storage) });
    expect(of(32768)).toMatchObject({ DEPTH: 8, PART: 64, SPAN: 16 });
    expect(of(16384)).toMatchObject({ DEPTH: 4, PART: 32, SPAN: 16 });
    expect(of(8192)).toBeUndefined();
  });

  it('is no candidate where the device does not hold it, and not run there, whatever was chosen', () => {
    const shape = { family: 'attention-grad', heads: 8, dim: 64, queries: 128, keys: 128 } as const;
    expect(variantsOf(shape, { limits: limits(16384) })).toContain(LARGEST);
    expect(variantsOf(shape, { limits: limits(16384, 128) })).not.toContain(LARGEST);
    expect(variantsOf({ ...shape, keys: 16 }, { limits: limits(16384) })).not.toContain(LARGEST);
    const small = { ...DEFAULT_PROFILE, ...forced(LARGEST), limits: limits(16384, 128) };
    const shaders = callsOf(64, small).map(({ shader }) => shader);
    expect(shaders.filter((shader) => shader.includes('tiled'))).toEqual([]);
  });

  it('is refused by the head’s name where nothing else takes such heads', () => {
    expect(() => callsOf(1022, DEFAULT_PROFILE)).toThrow('heads of 1022 values');
    expect(
      variantsOf({ family: 'attention', heads: 1, dim: 6, queries: 64, keys: 64 }, DEFAULT_PROFILE),
    ).toEqual(VARIANTS);
  });
});

// Queries and keys are no multiple of a tile: whole ones and part of another of each, or only part of one.
const CASES: Case[] = [
  { queries: 75, keys: 83, batch: 2, dim: 8, bias: [2, 1, 1, 83], masked: 9, dropout: 0.1 },
  { queries: 37, keys: 70, batch: 1, dim: 24, bias: [1, 2, 37, 70] },
  { queries: 33, keys: 6, batch: 1, heads: 1, dim: 64 },
  { queries: 40, keys: 67, batch: 2, dim: 6, bias: [2, 2, 40, 67], dropout: 0.2 },
  { queries: 3, keys: 5, batch: 1, heads: 1, dim: 37, bias: [5] },
];
const named = (cases: readonly Case[]): [string, Case][] => cases.map((c) => [JSON.stringify(c), c]);

const FORWARD: [string, Partial<AdapterProfile>][] = [
  ['by subgroups of four', { subgroups: true, smallestSubgroup: 4 }],
  ['by subgroups as they are', { subgroups: true }],
  ['through memory alone', { subgroups: false }],
];

describe.runIf(AT_LENGTH && !ONLY_WASM).each(VARIANTS)('attention in tiles of %s', (variant) => {
  // What a smaller device holds at a time differs; where it does not, this has been compiled before.
  const small = forced(variant, { limits: limits(16384) });

  it.each(named(CASES))('forward %s', (_case, c) => checkForward(c, forced(variant)), 300_000);
  it.each(named(CASES))('backward %s', (_case, c) => checkBackward(c, forced(variant)), 300_000);
  it.each(FORWARD)(
    'agrees on maxima and sums %s',
    async (_name, adapter) => {
      const { subgroups } = (await testDevice()).profile;
      const c = CASES[adapter.subgroups ? 0 : 1];
      await checkForward(c, forced(variant, { ...adapter, subgroups: subgroups && adapter.subgroups }));
    },
    300_000,
  );

  it('is the same in 16 KiB', async () => {
    await checkForward(CASES[2], small);
    await checkBackward(CASES[2], small);
  }, 300_000);

  it('makes the gradients that are wanted alone', async () => {
    await checkBackward(CASES[4], forced(variant), ['dk']);
    await checkBackward(CASES[4], forced(variant), ['dq', 'dv']);
  }, 300_000);

  it('takes one value for all three, and rows of which every key is masked', async () => {
    const shape = [2, 6, 16];
    const x = randomData(shape, 70);
    const attributes = { heads: 2, scale: 0.35, dropout: 0, dropoutId: 0 };
    const outputs = { y: shape, lse: [2, 2, 6] };
    const names = { inputs: ['x', 'x', 'x', ''] };
    const one = programOf('Attention', attributes, { x: shape }, outputs, names);
    const result = await runNode(one.node, one.program, { x }, { profile: forced(variant) });
    const ref = asRef(shape, x);
    expect(relativeError(result.y, attention([ref, ref, ref], attributes, [shape])[0].data)).toBeLessThan(
      3e-6,
    );

    const masked = build({ queries: 4, keys: 70, bias: [2, 1, 1, 70] });
    const { program, node } = programOf('Attention', masked.attributes, masked.shapes, masked.outputs);
    for (const lowest of [-3.4028234663852886e38, -Infinity]) {
      masked.data.bias.fill(lowest);
      const { y } = await runNode(node, program, masked.data, { profile: forced(variant) });
      // All keys weigh the same then.
      const mean = meanOfTokens(masked.data.v, 70, 16);
      y.forEach((value, i) => expect(value).toBeCloseTo(mean[Math.floor(i / 64) * 16 + (i % 16)], 5));
    }
  }, 300_000);

  it('reads and writes halves', async (context) => {
    context.skip(!(await testDevice()).profile.f16, 'this device has no shader-f16');
    await checkForward({ ...CASES[0], halves: true }, forced(variant));
    await checkBackward({ ...CASES[0], halves: true }, forced(variant));
    await checkForward({ ...CASES[3], halves: true }, forced(variant));
  }, 300_000);
});

/** The mean over the tokens of each text, [texts, width], of values [texts, tokens, width]. */
function meanOfTokens(values: Float32Array, tokens: number, width: number): Float64Array {
  const mean = new Float64Array(values.length / tokens);
  values.forEach(
    (value, i) => (mean[Math.floor(i / (tokens * width)) * width + (i % width)] += value / tokens),
  );
  return mean;
}
