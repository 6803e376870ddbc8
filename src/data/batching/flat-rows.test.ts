import { expect, it } from 'vitest';
import { FlatRows } from './flat-rows.ts';

it('lays rows one after another, however long they are', () => {
  const rows = new FlatRows(3, 1);
  const long = Array.from({ length: 500 }, (_, i) => i);
  rows.add(long);
  rows.add([7], [1]);
  const { ids, typeIds, offsets } = rows.arrays();
  expect([...offsets]).toEqual([0, 500, 501]);
  expect([...ids]).toEqual([...long, 7]);
  expect(typeIds[500]).toBe(1);
  expect(rows.longest).toBe(500);
});

it('takes no more rows than were announced: they would vanish', () => {
  const rows = new FlatRows(1, 4);
  rows.add([1]);
  expect(() => rows.add([2])).toThrow('internal');
});
