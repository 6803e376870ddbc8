/** Unary functions, broadcasting arithmetic and selection against the float64 reference. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erf } from '../../src/graph/reference/activations.ts';
import { unaryFunctions } from '../../src/graph/reference/elementwise.ts';
import { UNARY_KINDS } from '../../src/plan/lower/elementwise.ts';
import type { UnaryKind } from '../../src/graph/program.ts';
import { checkOp, floats, given, integers, VARIANTS } from '../support/check-op.ts';
import { COLUMNS, ONLY_WASM, programOf, runNode, testDevice } from '../support/run-kernel.ts';

/** Kinds whose argument must be positive. */
const POSITIVE = new Set<UnaryKind>(['Log', 'Sqrt', 'Reciprocal']);
const FACTORS: Partial<Record<UnaryKind, number[]>> = {
  Scale: [0.125, -3],
  Shift: [-1.5],
  Power: [2, 3, 0.5, -1, 5],
};

const argumentOf = (kind: UnaryKind, count: number) => {
  const x = floats([count], 1, 2);
  return POSITIVE.has(kind) || kind === 'Power' ? { ...x, data: x.data.map((v) => Math.abs(v) + 0.05) } : x;
};

const cases = UNARY_KINDS.flatMap((kind) => (FACTORS[kind] ?? [1]).map((factor) => ({ kind, factor })));

describe('Unary', () => {
  it.each(cases)('$kind $factor', async ({ kind, factor }) => {
    for (const count of [7, 4096])
      await checkOp('Unary', { kind, factor }, { x: argumentOf(kind, count) }, { y: [count] });
  });

  it('raises negative numbers to whole powers', async () => {
    for (const factor of [2, 3, 5, 6, -3])
      await checkOp('Unary', { kind: 'Power', factor }, { x: given([4], [-1.5, -0.5, 2, 1]) }, { y: [4] });
  });

  it.each(COLUMNS)('computes erf to 2e-7, %s', async (_column, profile) => {
    const x = Float32Array.from({ length: 40000 }, (_, i) => (i - 20000) / 3200);
    const { program, node } = programOf('Unary', { kind: 'Erf' }, { x: [x.length] }, { y: [x.length] });
    const { y } = await runNode(node, program, { x }, { profile });
    let worst = 0;
    x.forEach((v, i) => (worst = Math.max(worst, Math.abs(y[i] - erf(v)))));
    expect(worst).toBeLessThanOrEqual(2e-7);
  });

  it.each(['Gelu', 'GeluTanh', 'Relu', 'Silu', 'Tanh', 'Sigmoid', 'Erf'] as const)(
    '%s stays finite and right at extremes',
    async (kind) => {
      const x = given([8], [-1e4, -60, -9, -1e-30, 0, 1e-30, 60, 1e4]);
      const { program, node } = programOf('Unary', { kind }, { x: [8] }, { y: [8] });
      for (const [column, profile] of COLUMNS) {
        const { y } = await runNode(node, program, { x: x.data }, { profile });
        x.data.forEach((v, i) => {
          const expected = unaryFunctions[kind](v, 1);
          expect(Math.abs(y[i] - expected), `${kind}(${v}) ${column}`).toBeLessThanOrEqual(
            1e-6 * Math.max(1, Math.abs(expected)),
          );
        });
      }
      await checkOp('UnaryGrad', { kind }, { dy: floats([8], 2), v: x }, { dx: [8] });
    },
  );
});

describe('UnaryGrad', () => {
  it.each(cases)('$kind $factor', async ({ kind, factor }) => {
    for (const count of [7, 4096])
      await checkOp(
        'UnaryGrad',
        { kind, factor },
        { dy: floats([count], 2), v: argumentOf(kind, count) },
        { dx: [count] },
      );
  });

  it('takes one value twice', async () => {
    const options = { inputNames: ['x', 'x'] };
    await checkOp('UnaryGrad', { kind: 'Gelu' }, { x: floats([64], 3) }, { dx: [64] }, options);
  });
});

const PAIRS: [number[], number[]][] = [
  [
    [6, 8],
    [6, 8],
  ],
  [
    [5, 3],
    [5, 3],
  ],
  [[6, 8], [8]],
  [[8], [6, 8]],
  [[6, 7], [7]],
  [
    [6, 8],
    [6, 1],
  ],
  [
    [6, 1],
    [6, 8],
  ],
  [[6, 8], []],
  [[], [6, 8]],
  [[1], [1]],
  [
    [2, 3, 4, 8],
    [3, 1, 8],
  ],
  [
    [2, 3, 4, 8],
    [2, 1, 1, 8],
  ],
  [
    [2, 1, 4, 1],
    [1, 3, 1, 8],
  ],
  [
    [4, 1],
    [1, 4],
  ],
  [
    [2, 3, 2, 3, 4],
    [1, 3, 1, 3, 1],
  ],
  [[40, 300], [300]],
];

const broadcast = (a: readonly number[], b: readonly number[]): number[] => {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) =>
    Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1),
  );
};

describe.each(['Add', 'Sub', 'Mul', 'Div'] as const)('%s', (op) => {
  const away = (input: ReturnType<typeof floats>) => ({
    ...input,
    data: input.data.map((v) => v + 2 * (Math.sign(v) || 1)),
  });

  it.each(PAIRS)('%j and %j', async (a, b) => {
    const inputs = { a: floats(a, 1), b: away(floats(b, 2)) };
    await checkOp(op, {}, inputs, { y: broadcast(a, b) }, { tolerance: 1e-6 });
  });

  it('takes one value twice', async () => {
    for (const shape of [[64], [3, 5]])
      await checkOp(op, {}, { x: away(floats(shape, 3)) }, { y: shape }, { inputNames: ['x', 'x'] });
  });

  it.skipIf(ONLY_WASM)('folds its workgroups where a dimension is short', async () => {
    const { profile } = await testDevice();
    const limits = { ...profile.limits, maxComputeWorkgroupsPerDimension: 3 };
    const variants = { short: { software: false, limits } };
    const inputs = { a: floats([61, 67], 1), b: away(floats([67], 2)) };
    await checkOp(op, {}, inputs, { y: [61, 67] }, { variants });
  });
});

it('broadcasts any shapes', async () => {
  const dims = fc.array(fc.tuple(fc.constantFrom(1, 2, 3, 4, 8), fc.constantFrom('both', 'a', 'b')), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(dims, fc.nat(5), async (axes, dropped) => {
      const a = axes.map(([d, side]) => (side === 'b' ? 1 : d));
      const b = axes.map(([d, side]) => (side === 'a' ? 1 : d));
      while (dropped-- > 0 && b[0] === 1) b.shift();
      await checkOp(
        'Sub',
        {},
        { a: floats(a, 1), b: floats(b, 2) },
        { y: broadcast(a, b) },
        { tolerance: 1e-6, variants: { serial: VARIANTS.serial, wasm: VARIANTS.wasm } },
      );
    }),
    { seed: 7, numRuns: 40 },
  );
});

describe('Where', () => {
  const alternating = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 0 : i % 5));

  it.each([
    { c: [6, 8], a: [6, 8], b: [6, 8] },
    { c: [5, 7], a: [5, 7], b: [5, 7] },
    { c: [6, 1], a: [], b: [6, 8] },
    { c: [2, 1, 1, 8], a: [1], b: [2, 3, 8, 8] },
  ])('$c ? $a : $b', async ({ c, a, b }) => {
    const shape = broadcast(broadcast(c, a), b);
    const n = c.reduce((p, d) => p * d, 1);
    const sides = { a: floats(a, 1), b: floats(b, 2) };
    await checkOp('Where', {}, { c: integers(c, alternating(n)), ...sides }, { y: shape }, { tolerance: 0 });
    await checkOp('Where', {}, { c: given(c, alternating(n)), ...sides }, { y: shape }, { tolerance: 0 });
  });

  it('takes one value twice', async () => {
    const inputs = { c: given([8], alternating(8)), a: floats([8], 1) };
    for (const inputNames of [
      ['c', 'a', 'a'],
      ['c', 'c', 'a'],
      ['a', 'a', 'a'],
    ])
      await checkOp('Where', {}, inputs, { y: [8] }, { tolerance: 0, inputNames });
  });

  it('takes −0 for false', async () => {
    const inputs = { c: given([4], [-0, 0, 1, -1]), a: floats([4], 1), b: floats([4], 2) };
    await checkOp('Where', {}, inputs, { y: [4] }, { tolerance: 0 });
  });
});
