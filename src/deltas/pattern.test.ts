import { expect, test } from 'vitest';
import { linearPattern } from './pattern.ts';

test('matches anywhere in the text, unless anchored', () => {
  expect(linearPattern('layer\\.[01]\\.')('bert.encoder.layer.1.query')).toBe(true);
  expect(linearPattern('^layer')('bert.encoder.layer.1.query')).toBe(false);
});

test.each(['^(.+)+!$', '(a+)+$', '(a|a)*b', '(.*)*x'])('%s takes no longer on long texts', (pattern) => {
  // A backtracking engine would need 2^2000 tries.
  expect(linearPattern(pattern)('a'.repeat(2000) + '?')).toBe(false);
});

test.each(['(', '(?!x)a', '(a)\\1', 'a{1000}{1000}', 'x'.repeat(1001)])('%s is refused', (pattern) => {
  expect(() => linearPattern(pattern)).toThrow(SyntaxError);
});
