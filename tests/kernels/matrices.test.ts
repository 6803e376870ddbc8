/**
 * Products by subgroup matrices (matmul/matrices). No software adapter has them, so: the null back end, which does, finds
 * the kernels valid; with the built-in functions spelled out as WGSL of their own they are what the float64 reference says;
 * and as they are they run where an adapter has them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, globals } from 'webgpu';
import { describeDevice, openDevice, type OpenedDevice } from '../../src/gpu/device.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { PipelineCache } from '../../src/gpu/pipelines.ts';
import type { ShaderSource } from '../../src/gpu/shaders.ts';
import type { OpAttributes } from '../../src/graph/program.ts';
import { matMul } from '../../src/graph/reference/matmul.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import type { AdapterProfile, KernelCall } from '../../src/plan/kernel-call.ts';
import { lowerNode } from '../../src/plan/lower/index.ts';
import { withSizes } from '../../src/plan/lower/sizes.ts';
import { variantsOf } from '../../src/plan/lower/variants.ts';
import { sizeNames } from '../../src/plan/sizes-buffer.ts';
import { AT_LENGTH } from '../support/at-length.ts';
import { asRef, randomData, relativeError } from '../support/random.ts';
import { ONLY_WASM, programOf, runCalls, testDevice, type GpuTestDevice } from '../support/run-kernel.ts';

const NAME = 'subgroup matrices';
const forced = (subgroup: number): AdapterProfile => ({
  ...DEFAULT_PROFILE,
  subgroups: true,
  matrices: { m: 8, n: 8, k: 8, subgroup },
  choices: new Proxy<Record<string, string>>({}, { get: () => NAME }),
});

interface Case {
  form: 'NN' | 'NT' | 'TN';
  sizes: [m: number, n: number, k: number];
  bias?: boolean;
  sums?: boolean;
  activation?: OpAttributes['MatMul']['activation'];
}

// One by one and in fours along either axis, several tiles, and a long sum that is split.
const CASES: Case[] = [
  { form: 'NN', sizes: [70, 37, 19] },
  { form: 'NT', sizes: [68, 132, 40], bias: true, activation: 'Gelu' },
  { form: 'TN', sizes: [36, 20, 1100], sums: true },
  { form: 'TN', sizes: [20, 70, 33], sums: true },
  { form: 'NN', sizes: [8, 68, 20] },
];

function programOfCase({ form, sizes: [m, n, k], bias, sums, activation }: Case) {
  const [transA, transB] = [form[0] === 'T', form[1] === 'T'];
  const inputs = {
    a: transA ? [k, m] : [m, k],
    b: transB ? [n, k] : [k, n],
    ...(bias && { bias: [n] }),
  };
  return programOf(
    'MatMul',
    { transA, transB, flattenK: transA, alpha: 1, activation },
    inputs,
    { y: [m, n], ...(sums && { sums: [n] }) },
    { outputs: sums ? ['y', '', 'sums'] : ['y'] },
  );
}

function callsOf(c: Case, profile: AdapterProfile): KernelCall[] {
  const { program, node } = programOfCase(c);
  return lowerNode(node, program, profile).map((call) => withSizes(call, profile));
}

async function check(c: Case, opened: GpuTestDevice, profile: AdapterProfile): Promise<void> {
  const { program, node } = programOfCase(c);
  const calls = callsOf(c, profile);
  expect(calls[0].shader).toMatch(/^matmul\/matrices/);
  const names = node.inputs.filter((id) => id !== '');
  const data = Object.fromEntries(
    names.map((id, i) => [id, randomData(program.values.get(id)!.shape, i + 1)]),
  );
  const wanted = node.outputs.filter((id) => id !== '');
  const actual = await runCalls(opened, calls, program, wanted, data);
  const expected = matMul(
    names.map((id) => asRef(program.values.get(id)!.shape, data[id])),
    node.attributes,
    node.outputs.map((id) => program.values.get(id)?.shape ?? []),
  );
  node.outputs.forEach((id, i) => {
    if (id) expect(relativeError(actual[id], expected[i].data), id).toBeLessThan(1e-5);
  });
}

describe('subgroup matrices', () => {
  // Validates all and runs nothing.
  const gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
  let opened: OpenedDevice;
  beforeAll(async () => {
    Object.assign(globalThis, globals);
    opened = await openDevice(gpu);
  });
  afterAll(() => opened.destroy());

  it.each(CASES)('of $form $sizes are valid', async (c) => {
    const pipelines = new PipelineCache(opened.device, nodeShaders);
    for (const { shader, entry, constants, sizes = {}, operands } of callsOf(c, forced(32))) {
      const access = operands.map((one) => (one.access === 'read' ? 'read' : 'read_write'));
      const aliases = access.map((_, i) => i);
      await pipelines.get(shader, entry, { constants, sizes: sizeNames(sizes), access, aliases });
    }
  });

  it('are asked for where an adapter has them', () => {
    expect(opened.device.features.has('chromium-experimental-subgroup-matrix')).toBe(true);
  });

  it('are a variant where an adapter has them, of single precision and with one size of subgroups', () => {
    const shape = { family: 'matmul', form: 'NN', batch: 1, m: 1024, n: 1024, k: 1024 } as const;
    expect(variantsOf(shape, DEFAULT_PROFILE)).not.toContain(NAME);
    expect(variantsOf(shape, forced(32))).toContain(NAME);
    // The null back end names no kind.
    expect(opened.device.features.has('chromium-experimental-subgroup-matrix')).toBe(true);
    expect(opened.profile.matrices).toBeUndefined();
    const kind = { componentType: 'f32', resultComponentType: 'f32', M: 8, N: 8, K: 8 };
    const told = (subgroupMaxSize: number, subgroupMatrixConfigs: (typeof kind)[]) => {
      const names = {
        vendor: 'acme',
        architecture: '',
        device: '',
        description: '',
        isFallbackAdapter: false,
      };
      const info = { ...names, subgroupMinSize: 32, subgroupMaxSize, subgroupMatrixConfigs };
      return describeDevice(info as unknown as GPUAdapterInfo, opened.device).matrices;
    };
    expect(told(32, [{ ...kind, componentType: 'f16' }, kind])).toEqual({ m: 8, n: 8, k: 8, subgroup: 32 });
    expect(told(64, [kind])).toBeUndefined();
    expect(told(32, [{ ...kind, componentType: 'f16' }])).toBeUndefined();
    expect(told(32, [{ ...kind, M: 64 }])).toBeUndefined();
    const [call] = callsOf(CASES[0], { ...forced(32), matrices: undefined });
    expect(call.shader).toBe('matmul/tiled');
  });
});

/** What Dawn says these functions do, each invocation with whole matrices. */
const SPELLED = `
fn loaded_right(at: u32, stride: u32) -> array<f32, MATRIX_K * MATRIX_N> {
  var result: array<f32, MATRIX_K * MATRIX_N>;
  for (var r = 0u; r < MATRIX_K; r++) {
    for (var c = 0u; c < MATRIX_N; c++) { result[r * MATRIX_N + c] = memory[at + r * stride + c]; }
  }
  return result;
}
fn loaded_left(at: u32, stride: u32) -> array<f32, MATRIX_M * MATRIX_K> {
  var result: array<f32, MATRIX_M * MATRIX_K>;
  for (var r = 0u; r < MATRIX_M; r++) {
    for (var c = 0u; c < MATRIX_K; c++) { result[r * MATRIX_K + c] = memory[at + c * stride + r]; }
  }
  return result;
}
fn multiplied(
  a: array<f32, MATRIX_M * MATRIX_K>, b: array<f32, MATRIX_K * MATRIX_N>, sums: array<f32, MATRIX_M * MATRIX_N>,
) -> array<f32, MATRIX_M * MATRIX_N> {
  var left = a;
  var right = b;
  var result = sums;
  for (var r = 0u; r < MATRIX_M; r++) {
    for (var c = 0u; c < MATRIX_N; c++) {
      for (var i = 0u; i < MATRIX_K; i++) {
        result[r * MATRIX_N + c] += left[r * MATRIX_K + i] * right[i * MATRIX_N + c];
      }
    }
  }
  return result;
}
fn stored(at: u32, sums: array<f32, MATRIX_M * MATRIX_N>, stride: u32) {
  var result = sums;
  for (var r = 0u; r < MATRIX_M; r++) {
    for (var c = 0u; c < MATRIX_N; c++) { memory[at + r * stride + c] = result[r * MATRIX_N + c]; }
  }
}
`;

/** The shaders with the built-in functions spelled out, each of which must be found. */
const spelled: ShaderSource = (path) => {
  const text = nodeShaders(path);
  if (path !== 'matmul/matrices') return text.replace('enable chromium_experimental_subgroup_matrix;\n', '');
  const matrix = /subgroup_matrix_(left|right|result)<f32, (\w+), (\w+)>/;
  const rules: [RegExp, string][] = [
    [new RegExp(`subgroupMatrixLoad<${matrix.source}, (?:row|col)_major>\\(\\s*&memory,`, 'g'), 'loaded_$1('],
    [new RegExp(matrix.source, 'g'), 'array<f32, $2 * $3>'],
    [/subgroupMatrixMultiplyAccumulate/g, 'multiplied'],
    [/subgroupMatrixStore<row_major>\(\s*&memory,/g, 'stored('],
  ];
  const result = rules.reduce((code, [from, to]) => {
    if (!from.test(code)) throw new Error(`the test finds no ${from.source}`);
    return code.replace(from, to);
  }, text);
  return result + SPELLED;
};

describe.runIf(AT_LENGTH && !ONLY_WASM)('products by subgroup matrices', () => {
  it.each(CASES)(
    'spelled out, $form $sizes, are those of the reference',
    async (c) => {
      const opened = (await testDevice({ kind: 'webgpu' })) as GpuTestDevice;
      const pipelines = new PipelineCache(opened.device, spelled);
      await check(c, { ...opened, pipelines }, forced(opened.profile.smallestSubgroup ?? 4));
    },
    300_000,
  );

  it('as they are', async (context) => {
    const opened = (await testDevice({ kind: 'webgpu' })) as GpuTestDevice;
    const { matrices } = opened.profile;
    context.skip(!matrices, 'this adapter has no subgroup matrices of single precision');
    for (const c of CASES) await check(c, opened, { ...forced(matrices!.subgroup), matrices });
  }, 300_000);
});
