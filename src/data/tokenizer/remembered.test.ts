import { expect, it } from 'vitest';
import { Remembered } from './remembered.ts';

it('remembers values by text, and begins anew with more text than it takes', () => {
  const remembered = new Remembered<number>(8);
  remembered.set('abc', 1);
  remembered.set('abc', 2);
  remembered.set('defgh', 3);
  expect(['abc', 'defgh', 'i'].map((text) => remembered.get(text))).toEqual([1, 3, undefined]);
  remembered.set('i', 4);
  expect(['abc', 'defgh', 'i'].map((text) => remembered.get(text))).toEqual([undefined, undefined, 4]);
  remembered.set('longer than it takes', 5);
  expect(remembered.get('longer than it takes')).toBeUndefined();
});
