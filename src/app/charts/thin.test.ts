import { expect, it } from 'vitest';
import { thinned } from './thin.ts';

it('keeps all of few, and spreads over many', () => {
  expect(thinned(3, 5)).toEqual([0, 1, 2]);
  expect(thinned(10, 4)).toEqual([0, 2, 5, 7]);
  expect(new Set(thinned(10_000, 1500)).size).toBe(1500);
});
