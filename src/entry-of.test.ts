import { expect, test } from 'vitest';
import { entryOf } from './entry-of.ts';

const table = { bert: 1 };

test.each(['constructor', 'toString', '__proto__', '', null, undefined, 1, ['bert'], { toString: [] }])(
  'a table has nothing under %o',
  (name) => {
    expect(entryOf(table, name)).toBeUndefined();
  },
);

test('a table has what stands in it', () => {
  expect(entryOf(table, 'bert')).toBe(1);
});
