import { expect, test } from 'vitest';
import { english, filled, say } from './sentence.ts';

test('pieces are the key and values stay apart', () => {
  const sentence = say`${'a.csv'}, line ${3}: odd.`;
  expect(sentence).toEqual({ key: '{0}, line {1}: odd.', values: ['a.csv', 3] });
  expect(english(sentence)).toBe('a.csv, line 3: odd.');
});

test('sentences within sentences are shown by whoever shows the outer one', () => {
  const sentence = say`Note: ${say`${1} row`} of ${'{0}'}`;
  expect(english(sentence)).toBe('Note: 1 row of {0}');
  expect(filled('注：{0}', sentence.values, (value) => `<${english(value)}>`)).toBe('注：<1 row>');
});

test('braces of the pieces are text', () => {
  const sentence = say`write {text} or {0}, not ${'{1}'}`;
  expect(sentence.key).toBe('write {{text}} or {{0}}, not {0}');
  expect(english(sentence)).toBe('write {text} or {0}, not {1}');
});
