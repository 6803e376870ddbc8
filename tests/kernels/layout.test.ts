/** Ops that move data and reductions over any axes, against the float64 reference. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { checkOp, floats, VARIANTS } from '../support/check-op.ts';

const EXACT = { tolerance: 0, variants: { serial: VARIANTS.serial, wasm: VARIANTS.wasm } };

describe('Concat', () => {
  it.each([
    {
      shapes: [
        [2, 3],
        [2, 5],
      ],
      axis: 1,
    },
    {
      shapes: [
        [2, 4, 8],
        [2, 1, 8],
        [2, 3, 8],
      ],
      axis: 1,
    },
    {
      shapes: [
        [3, 8],
        [1, 8],
      ],
      axis: 0,
    },
    { shapes: [[1], [1]], axis: 0 },
    {
      shapes: [
        [2, 0, 4],
        [2, 3, 4],
      ],
      axis: 1,
    },
    {
      shapes: [
        [2, 3, 4, 12],
        [2, 3, 4, 4],
      ],
      axis: 3,
    },
  ])('$shapes along $axis', async ({ shapes, axis }) => {
    const kept = shapes.filter((shape) => !shape.includes(0));
    const inputs = Object.fromEntries(kept.map((shape, i) => [`x${i}`, floats(shape, i + 1)]));
    const total = kept.reduce((sum, shape) => sum + shape[axis], 0);
    await checkOp(
      'Concat',
      { axis },
      inputs,
      { y: shapes[0].map((d, i) => (i === axis ? total : d)) },
      EXACT,
    );
  });

  it('takes one value twice', async () => {
    const options = { ...EXACT, inputNames: ['x', 'x'] };
    await checkOp('Concat', { axis: 0 }, { x: floats([2, 8], 1) }, { y: [4, 8] }, options);
  });
});

const RANGES = [
  { shape: [9], axis: 0, start: 2, end: 3 },
  { shape: [4, 6, 8], axis: 1, start: 1, end: 5 },
  { shape: [4, 6, 8], axis: 2, start: 4, end: 8 },
  { shape: [4, 6, 8], axis: 2, start: 1, end: 7 },
  { shape: [4, 6, 8], axis: 0, start: 0, end: 4 },
];

describe('Slice and Pad', () => {
  it.each(RANGES)('$shape axis $axis from $start to $end', async ({ shape, axis, start, end }) => {
    const cut = shape.map((d, i) => (i === axis ? end - start : d));
    await checkOp('Slice', { axis, start, end }, { x: floats(shape, 1) }, { y: cut }, EXACT);
    const padding = { axis, before: start, after: shape[axis] - end };
    await checkOp('Pad', padding, { x: floats(cut, 1) }, { y: shape }, EXACT);
  });
});

describe('Reshape', () => {
  it('copies', async () => {
    await checkOp('Reshape', {}, { x: floats([3, 5], 1) }, { y: [15] }, EXACT);
    await checkOp('Reshape', {}, { x: floats([4, 8], 1) }, { y: [2, 16] }, EXACT);
  });
});

describe('Transpose', () => {
  it.each([
    { shape: [3, 5], perm: [1, 0] },
    { shape: [2, 8, 3, 16], perm: [0, 2, 1, 3] },
    { shape: [2, 3, 4, 5], perm: [0, 2, 3, 1] },
    { shape: [2, 3, 4, 5, 2], perm: [4, 2, 0, 3, 1] },
    { shape: [1, 7, 1], perm: [2, 1, 0] },
  ])('$shape by $perm', async ({ shape, perm }) => {
    await checkOp('Transpose', { perm }, { x: floats(shape, 1) }, { y: perm.map((a) => shape[a]) }, EXACT);
  });
});

describe('Expand', () => {
  it.each([
    { from: [1], to: [4, 8] },
    { from: [6, 1], to: [6, 12] },
    { from: [6, 1], to: [6, 5] },
    { from: [8], to: [2, 3, 8] },
    { from: [2, 1, 4], to: [2, 3, 4] },
    { from: [1, 2, 1, 3, 1], to: [2, 2, 3, 3, 4] },
  ])('$from to $to', async ({ from, to }) => {
    await checkOp('Expand', {}, { x: floats(from, 1) }, { y: to }, EXACT);
  });
});

const REDUCTIONS = [
  { shape: [300, 12], axes: [0] },
  { shape: [4, 50, 7], axes: [0, 1] },
  { shape: [5, 260], axes: [1] },
  { shape: [5, 261], axes: [1] },
  { shape: [3, 4, 5], axes: [1] },
  { shape: [3, 4, 5], axes: [0, 2] },
  { shape: [2, 3, 4, 5, 6], axes: [0, 2, 4] },
  { shape: [2, 3, 4, 5, 6], axes: [1, 3] },
  { shape: [6, 7], axes: [0, 1] },
  { shape: [1], axes: [0] },
  { shape: [4, 1, 8], axes: [1] },
  { shape: [9000], axes: [0] },
  { shape: [4, 1024], axes: [0, 1] },
];

describe('Reduce', () => {
  it.each(REDUCTIONS)('$shape over $axes', async ({ shape, axes }) => {
    const kept = shape.map((d, i) => (axes.includes(i) ? 1 : d));
    const dropped = shape.filter((_, i) => !axes.includes(i));
    // Away from 0, so that sums do not cancel and relative errors mean something.
    const x = { shape, data: floats(shape, 1).data.map((v) => v + 1) };
    await checkOp('Reduce', { kind: 'sum', axes }, { x }, { y: kept });
    await checkOp('Reduce', { kind: 'mean', axes }, { x }, { y: dropped });
  });

  it('adds up a long vector with few rounding errors', async () => {
    const x = { shape: [1 << 18], data: floats([1 << 18], 1).data.map((v) => v + 3) };
    await checkOp('Reduce', { kind: 'sum', axes: [0] }, { x }, { y: [1] }, { tolerance: 1e-6 });
  });

  it('takes any axes', async () => {
    const axis = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(axis, { minLength: 1, maxLength: 5 }), async (list) => {
        const shape = list.map(([d]) => d);
        const axes = list.flatMap(([, reduced], i) => (reduced ? [i] : []));
        const x = { shape, data: floats(shape, 1).data.map((v) => v + 1) };
        await checkOp(
          'Reduce',
          { kind: 'sum', axes },
          { x },
          { y: shape.map((d, i) => (axes.includes(i) ? 1 : d)) },
        );
      }),
      { seed: 11, numRuns: 25 },
    );
  });
});
