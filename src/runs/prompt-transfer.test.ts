import { expect, it } from 'vitest';
import { startFolders } from './spec-method.ts';
import { similarity, transferred } from './prompt-transfer.ts';

const east = Float32Array.from([1, 0, 2, 0]);
const north = Float32Array.from([0, 1, 0, 3]);
const between = Float32Array.from([1, 1, 4, 4]);

it('prompts resemble each other by the cosines of all pairs of their tokens', () => {
  expect(similarity(east, east, 2)).toBeCloseTo(1, 12);
  expect(similarity(east, north, 2)).toBe(0);
  expect(similarity(east, between, 2)).toBeCloseTo(Math.SQRT1_2, 7);
  // Pair by pair: of (1,0),(0,1) with itself half of the pairs are alike.
  const both = Float32Array.from([1, 0, 0, 1]);
  expect(similarity(both, both, 2)).toBeCloseTo(0.5, 12);
});

it('they count alike, by resemblance, or the best alone', () => {
  expect(transferred([east, north], 2, 'equal').prompt).toEqual(Float32Array.from([0.5, 0.5, 1, 1.5]));
  const like = Float32Array.from([3, 4, 3, 4]);
  const { weights } = transferred([east, north], 2, 'similarity', like);
  expect(weights[0]).toBeCloseTo(0.6 / 1.4, 7);
  expect(weights[1]).toBeCloseTo(0.8 / 1.4, 7);
  expect(transferred([east, north], 2, 'best', like).prompt).toEqual(north);
  const away = Float32Array.from([-1, -1, -1, -1]);
  expect(() => transferred([east, north], 2, 'similarity', away)).toThrow(
    /method\.initLike: none of the prompts resembles it/,
  );
});

it('what a method starts from is a folder, several, or none', () => {
  const plain = { type: 'prompt' as const };
  expect(startFolders(plain)).toEqual([]);
  expect(startFolders({ ...plain, init: 'a' })).toEqual(['a']);
  expect(startFolders({ ...plain, init: ['a', 'b'], initLike: 'c' })).toEqual(['a', 'b', 'c']);
  expect(startFolders({ type: 'ipt', prompts: ['a', 'b'] })).toEqual(['a', 'b']);
});
