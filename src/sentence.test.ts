import { expect, test } from 'vitest';
import { english, filled, fitted, say } from './sentence.ts';

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

test('holds texts of others on one line, and every character of them can be seen', () => {
  const name = 'a\u001b[31m\u202eb\r\nc\u0000.tsv';
  expect(english(say`${name} is empty.`)).toBe('a\ufffd[31m\ufffdb c\ufffd.tsv is empty.');
});

test('fits into a length: the longest texts lose their middles, inner ones too', () => {
  const inner = say`the column ${'c'.repeat(900)} is missing`;
  const long = fitted(say`${'/a/very/'.repeat(90)}file.tsv: ${inner}; name another.`, 400);
  const text = english(long);
  expect(text.length).toBeLessThanOrEqual(400);
  expect(text).toMatch(/^\/a\/very\/.*….*file\.tsv: the column c+…c+ is missing; name another\.$/);
  const short = say`${'a'} is short`;
  expect(fitted(short, 400)).toBe(short);
});
