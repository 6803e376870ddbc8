import { expect, it } from 'vitest';
import { specRows } from './spec-diff.ts';
import { completeSpec, readSpec } from './spec.ts';

const run = (method: object) =>
  completeSpec(readSpec({ model: { source: 'm' }, data: { train: 't.tsv' }, ...method }));

it('lists every field by its path and marks those in which runs differ', () => {
  const rows = specRows([
    run({ method: { type: 'lora', rank: 4 } }),
    run({ method: { type: 'head' }, training: { seed: 7 } }),
  ]);
  const differing = rows.filter(({ differs }) => differs).map(({ path, values }) => [path, ...values]);
  expect(differing).toContainEqual(['method.type', '"lora"', '"head"']);
  expect(differing).toContainEqual(['method.rank', '4', null]);
  expect(differing).toContainEqual(['training.seed', '42', '7']);
  expect(rows.find(({ path }) => path === 'method.targets')?.values).toEqual(['["q","v"]', null]);
  expect(rows.find(({ path }) => path === 'data.train')).toMatchObject({ differs: false });
  expect(rows.map(({ path }) => path.split('.')[0]).indexOf('model')).toBe(1);
});

it('walks into stages', () => {
  const [row] = specRows([run({ stages: [{ method: { type: 'prompt' } }, { type: 'head' }] })]).filter(
    ({ path }) => path.startsWith('stages[1]') && path.endsWith('type'),
  );
  expect(row.values).toEqual(['"head"']);
});
