/** Differences under gates in one pass each way, against the float64 reference. */
import { describe, expect, it } from 'vitest';
import { checkOp, floats, given } from '../support/check-op.ts';

const BOUNDS = { low: -1.5, high: 1.5 };
const NOISY = { ...BOUNDS, stream: 0x9e3779b9 };
const OPTIONS = { tolerance: 3e-6, step: { seed: 11, step: 5 } };

describe.each([1, 7, 4099, 20011])('Gated, %i weights', (count) => {
  const inputs = { w: floats([count], 1), alpha: floats([count], 2, 3), base: floats([count], 3) };
  const shape = [count];

  it('with noise, its gates and how many are expected open', async () => {
    const { y, open } = await checkOp('Gated', NOISY, inputs, { y: shape, z: shape, open: [1] }, OPTIONS);
    const still = await checkOp('Gated', BOUNDS, inputs, { y: shape, z: shape, open: [1] }, OPTIONS);
    expect(y).not.toEqual(still.y);
    expect(open[0]).toBeGreaterThan(0);
    expect(open[0]).toBeLessThan(count);
  });

  it('without what is not asked for', async () => {
    const outputs = { y: shape, z: shape };
    await checkOp('Gated', NOISY, inputs, outputs, { ...OPTIONS, outputNames: ['y', 'z'] });
    await checkOp('Gated', BOUNDS, inputs, outputs, { ...OPTIONS, outputNames: ['y', ''] });
    const { w, alpha } = inputs;
    await checkOp('Gated', NOISY, { w, alpha }, { y: shape, z: shape, open: [1] }, OPTIONS);
  });

  it('backward, with a penalty and without', async () => {
    const z = floats(shape, 4);
    z.data = z.data.map((v) => Math.min(1, Math.max(0, v)));
    const { w, alpha } = inputs;
    const back = { dy: floats(shape, 5), w, z };
    const outputs = { dw: shape, dalpha: shape };
    await checkOp('GatedGrad', BOUNDS, back, outputs, OPTIONS);
    await checkOp('GatedGrad', BOUNDS, { ...back, alpha, dopen: given([1], [-0.7]) }, outputs, OPTIONS);
  });
});

it('counts many gates that are all alike as exactly as few', async () => {
  const shape = [300_000];
  const alpha = given(
    shape,
    Array.from({ length: shape[0] }, () => 5),
  );
  const inputs = { w: floats(shape, 1), alpha, base: floats(shape, 2) };
  const outputs = { y: shape, z: shape, open: [1] };
  await checkOp('Gated', NOISY, inputs, outputs, { ...OPTIONS, large: true });
});

it('leaves gates that are far out open or shut, whatever the noise, and gives them no gradient but the penalty’s', async () => {
  const alpha = given([4], [30, -30, 30, -30]);
  const w = floats([4], 1);
  const { z } = await checkOp('Gated', NOISY, { w, alpha }, { y: [4], z: [4], open: [1] });
  expect([...z]).toEqual([1, 0, 1, 0]);
  // The fifth, half open, says what size the others are near zero beside.
  const inputs = {
    dy: floats([5], 2),
    w: floats([5], 1),
    z: given([5], [1, 0, 1, 0, 0.5]),
    alpha: given([5], [30, -30, 30, -30, 0]),
    dopen: given([1], [1]),
  };
  const { dalpha } = await checkOp('GatedGrad', BOUNDS, inputs, { dw: [5], dalpha: [5] });
  expect(dalpha.slice(0, 4).every((v) => Math.abs(v) < 1e-12)).toBe(true);
});
