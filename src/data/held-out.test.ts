import { expect, it } from 'vitest';
import { heldOutShare } from './held-out.ts';

it('holds out a tenth, of large files about two thousand rows', () => {
  expect(heldOutShare(50)).toBe(0.1);
  expect(heldOutShare(20_000)).toBe(0.1);
  expect(heldOutShare(200_000)).toBe(0.01);
  for (const rows of [20_001, 33_333, 1_234_567]) {
    const held = heldOutShare(rows) * rows;
    expect(held).toBeGreaterThan(1900);
    expect(held).toBeLessThan(2100);
  }
});
