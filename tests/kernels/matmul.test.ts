/** MatMul kernels of every family against the float64 reference, odd sizes and all epilogues included. */
import { describe, expect, it } from 'vitest';
import { matMul } from '../../src/graph/reference/matmul.ts';
import type { Activation, OpAttributes, ProgramValue } from '../../src/graph/program.ts';
import { lowerMatMul } from '../../src/plan/lower/matmul.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { AT_LENGTH } from '../support/at-length.ts';
import { asRef, randomData, relativeError } from '../support/random.ts';
import { COLUMNS, ONLY_WASM, programOf, runNode, testDevice, variantsHere } from '../support/run-kernel.ts';

type Form = 'NN' | 'NT' | 'TN' | 'TT';

const FAMILIES: Record<string, Partial<AdapterProfile>> = {
  quad: { software: true, subgroups: true },
  general: { software: true, subgroups: false },
  tiled: { software: false },
  wasm: { kind: 'wasm' },
};

interface Case {
  form: Form;
  m: number;
  n: number;
  k: number;
  batch?: number[];
  sharedB?: boolean;
  flattenK?: boolean;
  alpha?: number;
  bias?: boolean;
  residual?: boolean;
  activation?: Activation;
  gradient?: Activation;
  z?: boolean;
  sums?: boolean;
}

function build(c: Case) {
  const batch = c.batch ?? [];
  const transA = c.form[0] === 'T';
  const transB = c.form[1] === 'T';
  const aShape = [...batch, ...(transA ? [c.k, c.m] : [c.m, c.k])];
  const bShape = [...(c.sharedB ? [] : batch), ...(transB ? [c.n, c.k] : [c.k, c.n])];
  const yShape = c.flattenK ? [c.m, c.n] : [...batch, c.m, c.n];
  const shapes: Record<string, number[]> = { a: aShape, b: bShape };
  if (c.bias) shapes.bias = [c.n];
  if (c.residual) shapes.residual = yShape;
  if (c.gradient) shapes.gate = yShape;
  const attributes: OpAttributes['MatMul'] = {
    transA,
    transB,
    flattenK: c.flattenK ?? false,
    alpha: c.alpha ?? 1,
    activation: c.activation,
    gradient: c.gradient,
  };
  const names = ['a', 'b', c.bias ? 'bias' : '', c.residual ? 'residual' : '', c.gradient ? 'gate' : ''];
  const described: Record<string, Omit<ProgramValue, 'id'>> = {};
  for (const [id, shape] of Object.entries(shapes))
    described[id] = { shape, type: 'f32', kind: id === 'b' || id === 'bias' ? 'parameter' : 'node' };
  const outputs: Record<string, number[]> = {
    y: yShape,
    ...(c.z && { z: yShape }),
    ...(c.sums && { sums: [c.n] }),
  };
  const outputNames = c.sums ? ['y', '', 'sums'] : Object.keys(outputs);
  const { program, node } = programOf('MatMul', attributes, described, outputs, {
    inputs: names,
    outputs: outputNames,
  });
  const data = Object.fromEntries(
    Object.entries(shapes).map(([id, shape], index) => [id, randomData(shape, index + 1)]),
  );
  const reference = matMul(
    names.map((id) => (id ? asRef(shapes[id], data[id]) : undefined)),
    attributes,
    c.sums ? [yShape, yShape, [c.n]] : c.z ? [yShape, yShape] : [yShape],
  );
  return { program, node, data, reference };
}

async function check(c: Case, profile: Partial<AdapterProfile>): Promise<void> {
  const { program, node, data, reference } = build(c);
  const result = await runNode(node, program, data, { profile });
  const tolerance =
    2e-6 * Math.sqrt(c.k * (c.flattenK ? (c.batch ?? []).reduce((n, d) => n * d, 1) : 1)) + 1e-6;
  expect(relativeError(result.y, reference[0].data)).toBeLessThan(tolerance);
  if (c.z) expect(relativeError(result.z, reference[1].data)).toBeLessThan(tolerance);
  if (c.sums) expect(relativeError(result.sums, reference[2].data)).toBeLessThan(tolerance);
}

const name = (c: Case): string => JSON.stringify(c);

const SIZES: [number, number, number][] = [
  [1, 1, 1],
  [5, 3, 7],
  [33, 20, 12],
  [70, 132, 64],
  [3, 2, 128],
];

const cases: Case[] = [
  ...(['NN', 'NT', 'TN'] as const).flatMap((form) => SIZES.map(([m, n, k]) => ({ form, m, n, k }))),
  { form: 'TT', m: 17, n: 20, k: 12 },
  // leading dimensions flatten into M
  { form: 'NN', m: 5, n: 12, k: 8, batch: [2, 3], sharedB: true },
  { form: 'NT', m: 5, n: 12, k: 8, batch: [2, 3], sharedB: true, bias: true },
  // batched
  { form: 'NN', m: 9, n: 16, k: 20, batch: [2, 2] },
  { form: 'NT', m: 9, n: 16, k: 20, batch: [3] },
  { form: 'TN', m: 9, n: 16, k: 21, batch: [3] },
  { form: 'NT', m: 7, n: 9, k: 5, batch: [3] },
  { form: 'TN', m: 9, n: 16, k: 21, batch: [3], sharedB: true },
  // weight gradients: leading dimensions flatten into K
  { form: 'TN', m: 24, n: 36, k: 17, batch: [4], flattenK: true },
  { form: 'TN', m: 7, n: 2, k: 5, batch: [3, 2], flattenK: true },
  // low-rank shapes, tall K
  { form: 'NT', m: 130, n: 8, k: 64 },
  { form: 'NN', m: 130, n: 64, k: 8 },
  { form: 'TN', m: 8, n: 64, k: 1000 },
  { form: 'TN', m: 64, n: 8, k: 1030, alpha: 2 },
  { form: 'TN', m: 64, n: 2, k: 700, residual: true },
];

const epilogues: Case[] = [
  ...(['Gelu', 'GeluTanh', 'Relu', 'Silu', 'Tanh', 'Sigmoid'] as const).flatMap((activation) => [
    { form: 'NN' as const, m: 9, n: 16, k: 8, bias: true, activation, z: true },
    { form: 'NT' as const, m: 9, n: 16, k: 8, residual: true, gradient: activation },
  ]),
  { form: 'NN', m: 6, n: 7, k: 5, alpha: 0.25, bias: true, residual: true, activation: 'Gelu', z: true },
  { form: 'NT', m: 6, n: 7, k: 5, alpha: 0.25, residual: true, gradient: 'Gelu' },
  { form: 'NT', m: 12, n: 12, k: 12, alpha: -3, bias: true, residual: true },
  // with the bias's gradient: sums of b's columns, split, and by several workgroups across
  { form: 'TN', m: 20, n: 6, k: 1100, flattenK: true, sums: true },
  { form: 'TN', m: 9, n: 37, k: 11, batch: [2], flattenK: true, residual: true, sums: true },
  { form: 'TN', m: 70, n: 132, k: 19, batch: [3], flattenK: true, alpha: 0.5, sums: true },
];

// Every case makes a pipeline of the tiled kernel, which software adapters take long to compile: fewer cases of it, of
// which one of each list is not left to the tests at length.
const some = (of: readonly Case[], family: string): (readonly [string, Case])[] =>
  of
    .filter((_, index) => family !== 'tiled' || index % 3 === 0)
    .filter((_, index) => family !== 'tiled' || AT_LENGTH === index > 0)
    .map((c) => [name(c), c]);

describe.each(Object.entries(variantsHere(FAMILIES, { first: true })))(
  'matmul, %s family',
  (family, profile) => {
    it.each(some(cases, family))('%s', (_name, c) => check(c, profile));
    it.each(some(epilogues, family))('%s', (_name, c) => check(c, profile));
  },
);

describe.skipIf(ONLY_WASM)('matmul with more columns than a binding holds', () => {
  const families = Object.entries(variantsHere(FAMILIES)).filter(([, { kind }]) => kind !== 'wasm');
  it.each(families)('makes them in slices, %s family', async (_family, profile) => {
    const { limits } = (await testDevice()).profile;
    const tight = { ...profile, limits: { ...limits, maxStorageBufferBindingSize: 5000 } };
    const product: Case = { form: 'NT', m: 9, n: 200, k: 16, bias: true, alpha: 0.5 };
    await check(product, tight);
    await check({ ...product, m: 3, batch: [2], sharedB: true, bias: false, activation: 'Tanh' }, tight);
    const { program, node } = programOf(
      'MatMul',
      { transA: false, transB: true, flattenK: false, alpha: 1 },
      { a: [9, 16], b: [200, 16] },
      { y: [9, 200] },
    );
    const adapter: AdapterProfile = { ...(await testDevice()).profile, ...tight };
    const parts = lowerMatMul(node, program, adapter).flatMap(({ operands }) =>
      operands.flatMap((operand) =>
        'value' in operand && operand.value === 'b' ? [operand.part?.bytes] : [],
      ),
    );
    expect(parts).toEqual([4096, 4096, 4096, 512]);
  });
});

describe('matmul operands', () => {
  it.each(Object.entries(variantsHere(FAMILIES)))(
    'may be the same value twice (%s)',
    async (_family, profile) => {
      const { program, node } = programOf(
        'MatMul',
        { transA: false, transB: true, flattenK: false, alpha: 1 },
        { x: [12, 8] },
        { y: [12, 12] },
        { inputs: ['x', 'x'] },
      );
      const x = randomData([12, 8], 9);
      // The quad kernels read one operand in fours and the other one by one.
      const { y } = await runNode(node, program, { x }, { profile });
      const [expected] = matMul([asRef([12, 8], x), asRef([12, 8], x)], node.attributes, [[12, 12]]);
      expect(relativeError(y, expected.data)).toBeLessThan(1e-5);
    },
  );

  it.each(COLUMNS)('are extreme without spoiling their neighbours, %s', async (_column, profile) => {
    // erf, tanh and exp in the epilogue must neither overflow nor turn into NaN.
    for (const activation of ['Gelu', 'GeluTanh', 'Silu', 'Tanh', 'Sigmoid'] as const) {
      const { program, node } = programOf(
        'MatMul',
        { transA: false, transB: false, flattenK: false, alpha: 1, activation },
        { a: [8, 4], b: [4, 8] },
        { y: [8, 8] },
      );
      const a = Float32Array.from({ length: 32 }, (_, i) => (i % 4 === 0 ? (i - 16) * 100 : 0));
      const b = Float32Array.from({ length: 32 }, (_, i) => (i < 8 ? 1 : 0));
      const { y } = await runNode(node, program, { a, b }, { profile });
      const [expected] = matMul([asRef([8, 4], a), asRef([4, 8], b)], node.attributes, [[8, 8]]);
      expect(relativeError(y, expected.data)).toBeLessThan(1e-6);
    }
  });
});

describe.skipIf(ONLY_WASM)('matmul lowering', () => {
  const lower = async (c: Case, profile: Partial<AdapterProfile>) => {
    const { program, node } = build(c);
    return lowerMatMul(node, program, { ...(await testDevice()).profile, ...profile });
  };

  it('picks the family from adapter and sizes', async () => {
    const even: Case = { form: 'NN', m: 16, n: 16, k: 16 };
    const odd: Case = { form: 'NN', m: 16, n: 15, k: 16 };
    expect((await lower(even, FAMILIES.quad)).map((call) => call.shader)).toEqual(['matmul/quad-nn']);
    expect((await lower(odd, FAMILIES.quad)).map((call) => call.shader)).toEqual(['matmul/general']);
    expect((await lower(even, FAMILIES.general)).map((call) => call.shader)).toEqual(['matmul/general']);
    expect((await lower(even, FAMILIES.tiled)).map((call) => call.shader)).toEqual(['matmul/tiled']);
  });

  it('splits a tall sum over workgroups of a GPU', async () => {
    const calls = await lower({ form: 'TN', m: 8, n: 256, k: 2048 }, FAMILIES.tiled);
    expect(calls.map((call) => call.shader)).toEqual(['matmul/tiled', 'matmul/split-sum']);
    expect(calls[0].workgroups[2]).toBeGreaterThan(4);
  });
});
